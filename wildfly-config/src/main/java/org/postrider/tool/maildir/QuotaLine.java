package org.postrider.tool.maildir;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Maildir's quota, as the first line of {@code maildirsize} has it, read by Courier, maildrop and
 * the server.
 *
 * <pre>
 * 10000S,10C                    octets and messages, either may be missing
 *         3013            1     what is there; each further line adds to it
 * </pre>
 *
 * @param octets most octets of all messages together
 * @param messages most messages
 */
record QuotaLine(OptionalLong octets, OptionalLong messages) {

  /** Below it no sum of a Maildir overflows. */
  private static final long LIMIT_MAX = 1L << 60;

  private static final Pattern SIZE_IN_NAME = Pattern.compile(".*,S=(\\d{1,18})");

  /** The quota that a text gives, and whether all of the text made sense. */
  record Read(QuotaLine quota, boolean whole) {}

  /**
   * Reads what Courier does: each number with {@code S} or {@code C} behind it, the last of a kind,
   * and anything between them. 0 is no limit.
   *
   * @throws IllegalArgumentException for a number of 2^60 and more
   */
  static Read read(String text) {
    OptionalLong octets = OptionalLong.empty();
    OptionalLong messages = OptionalLong.empty();
    boolean whole = true;
    Matcher number = Pattern.compile("([0-9]+)([^0-9]?)").matcher(text);
    while (number.find()) {
      String digits = number.group(1).replaceFirst("^0+(?=.)", "");
      if (digits.length() > 19 || (digits.length() == 19 && digits.compareTo("" + LIMIT_MAX) > 0)) {
        throw new IllegalArgumentException(number.group(1) + " is more than any disk has.");
      }
      long value = Long.parseLong(digits);
      OptionalLong limit = value == 0 ? OptionalLong.empty() : OptionalLong.of(value);
      switch (number.group(2)) {
        case "S" -> octets = limit;
        case "C" -> messages = limit;
        default -> whole = false;
      }
    }
    return new Read(new QuotaLine(octets, messages), whole);
  }

  boolean isEmpty() {
    return octets.isEmpty() && messages.isEmpty();
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    octets.ifPresent(it -> line.append(it).append('S'));
    messages.ifPresent(it -> line.append(line.isEmpty() ? "" : ",").append(it).append('C'));
    return line.toString();
  }

  /**
   * Counts a Maildir and gives it this quota: {@code maildirsize} is replaced in one step, mode
   * 0644 less the umask. A crash leaves a scratch file in {@code tmp}, which goes with the old ones
   * there.
   */
  void put(Path maildir) throws IOException {
    Count count = new Count();
    count.add(maildir);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(maildir)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".")
            && !name.equals(".Trash")
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          count.add(entry);
        }
      }
    }
    String text = "%s\n%12d %12d\n".formatted(this, count.octets, count.messages);
    Path scratch =
        maildir.resolve(
            "tmp/%d.%d_NeWmAiLdIrSiZe.%s"
                .formatted(
                    Instant.now().getEpochSecond(), ProcessHandle.current().pid(), hostName()));
    try (FileChannel out =
        FileChannel.open(scratch, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      Files.setAttribute(scratch, "unix:mode", 0644 & ~umask(scratch));
      ByteBuffer left = ByteBuffer.wrap(text.getBytes(US_ASCII));
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
      Files.move(scratch, maildir.resolve("maildirsize"), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  /** The bits that the umask took from a file that was just made with 0666. */
  private static int umask(Path made) throws IOException {
    return 0666 & ~(int) Files.getAttribute(made, "unix:mode");
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.toLowerCase(Locale.ROOT).matches("[a-z0-9.-]{1,100}") ? name : "localhost";
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** What counts: all but what is marked as deleted. Memory does not grow with the messages. */
  private static final class Count {

    private long octets;
    private long messages;

    void add(Path folder) throws IOException {
      for (String part : new String[] {"new", "cur"}) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve(part))) {
          for (Path entry : entries) {
            addMessage(entry);
          }
        } catch (NoSuchFileException none) {
          // a directory with a full stop before its name that is no folder
        }
      }
    }

    private void addMessage(Path message) throws IOException {
      String name = message.getFileName().toString();
      int flags = name.lastIndexOf(":2,");
      if (name.startsWith(".") || (flags >= 0 && name.indexOf('T', flags) >= 0)) {
        return;
      }
      int colon = name.indexOf(':');
      Matcher told = SIZE_IN_NAME.matcher(colon < 0 ? name : name.substring(0, colon));
      try {
        long size = told.matches() ? Long.parseLong(told.group(1)) : Files.size(message);
        octets = Math.addExact(octets, size);
        messages++;
      } catch (NoSuchFileException gone) {
        // moved or expunged meanwhile
      }
    }
  }
}
