package org.postrider.tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the mail of the demonstration account as Courier-IMAP 5 would have left it: directories of
 * mode 700, {@code maildirfolder} in each folder, file names with device, inode and size, {@code
 * courierimapuiddb} and {@code courierimapsubscribed}. What lies in {@code new/} has no UID yet,
 * and is recent for the first who looks.
 *
 * <p>The messages are resources beside this class, listed in {@code mail/messages.tsv}.
 */
final class DemonstrationMail {

  private static final String FILE_MODE = "rw-r--r--";
  private static final String DIRECTORY_MODE = "rwx------";

  /** Courier's UIDVALIDITY counts the seconds from here (2001-09-09). */
  private static final long UID_VALIDITY_ORIGIN = 1_000_000_000L;

  /** Six digits throughout, so that the names sort as the messages are numbered. */
  private static final int MICROSECOND_FIRST = 100_000;

  private static final DateTimeFormatter DATE_FIELD =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

  private final Path maildir;
  private final String host;
  private final Instant now;
  private final Map<String, List<String>> numbered = new LinkedHashMap<>();
  private int written;

  /** One line of the list. */
  private record Entry(String folder, String place, String flags, String date, String file) {}

  /** Mail for a Maildir that is not there yet. */
  DemonstrationMail(Path maildir, String host, Instant now) {
    this.maildir = maildir;
    this.host = host;
    this.now = now;
  }

  void write() throws IOException {
    for (Entry entry : entries()) {
      Path folder = folder(entry.folder());
      if (!numbered.containsKey(entry.folder())) {
        makeFolder(folder);
        numbered.put(entry.folder(), new ArrayList<>());
      }
      String name = deliver(entry, folder);
      if (entry.place().equals("cur")) {
        numbered.get(entry.folder()).add(name);
      }
    }
    for (Map.Entry<String, List<String>> folder : numbered.entrySet()) {
      writeUids(folder(folder.getKey()), folder.getValue());
    }
    text(maildir.resolve("courierimapsubscribed"), String.join("\n", numbered.keySet()) + "\n");
  }

  private static List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : new String(resource("messages.tsv"), UTF_8).split("\n")) {
      if (!line.startsWith("#")) {
        String[] column = line.split("\t", -1);
        entries.add(new Entry(column[0], column[1], column[2], column[3], column[4]));
      }
    }
    return entries;
  }

  private Path folder(String name) {
    return name.equals("INBOX") ? maildir : maildir.resolve(name.substring("INBOX".length()));
  }

  private void makeFolder(Path folder) throws IOException {
    directory(folder);
    for (String name : List.of("tmp", "new", "cur", "courierimapkeywords")) {
      directory(folder.resolve(name));
    }
    if (!folder.equals(maildir)) {
      Files.createFile(
          folder.resolve("maildirfolder"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  /**
   * @return the name in {@code cur} or {@code new}, up to the colon
   */
  private String deliver(Entry entry, Path folder) throws IOException {
    byte[] message = resource(entry.file());
    Instant arrived = now;
    if (entry.date().isEmpty()) {
      String date = DATE_FIELD.format(now.atZone(ZoneOffset.UTC));
      message = new String(message, ISO_8859_1).replace("@DATE@", date).getBytes(ISO_8859_1);
    } else {
      arrived = Instant.parse(entry.date());
    }
    int number = written++;
    String start =
        "%d.M%dP%d"
            .formatted(
                now.getEpochSecond(), MICROSECOND_FIRST + number, ProcessHandle.current().pid());
    Path scratch = folder.resolve("tmp").resolve(start + "_" + number + "." + host);
    Files.write(scratch, message);
    mode(scratch, FILE_MODE);
    String name =
        "%sV%016XI%016X_%d.%s,S=%d"
            .formatted(
                start,
                (Long) Files.getAttribute(scratch, "unix:dev"),
                (Long) Files.getAttribute(scratch, "unix:ino"),
                number,
                host,
                message.length);
    String suffix = entry.place().equals("cur") ? ":2," + entry.flags() : "";
    Path delivered = folder.resolve(entry.place()).resolve(name + suffix);
    Files.move(scratch, delivered, StandardCopyOption.ATOMIC_MOVE);
    Files.setLastModifiedTime(delivered, FileTime.from(arrived));
    return name;
  }

  private void writeUids(Path folder, List<String> names) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("1 ").append(now.getEpochSecond() - UID_VALIDITY_ORIGIN);
    text.append(' ').append(names.size() + 1).append('\n');
    for (int i = 0; i < names.size(); i++) {
      text.append(i + 1).append(' ').append(names.get(i)).append('\n');
    }
    text(folder.resolve("courierimapuiddb"), text.toString());
  }

  private static void text(Path file, String text) throws IOException {
    Files.writeString(file, text, UTF_8);
    mode(file, FILE_MODE);
  }

  private static void directory(Path path) throws IOException {
    Files.createDirectory(path);
    mode(path, DIRECTORY_MODE);
  }

  /** As Courier does, so that no umask matters. */
  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DemonstrationMail.class.getResourceAsStream("mail/" + name)) {
      if (in == null) {
        throw new FileNotFoundException("The message " + name + " is not in the jar");
      }
      return in.readAllBytes();
    }
  }
}
