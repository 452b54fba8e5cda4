package org.postrider.tool.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postrider.protocol.MailboxNameException;
import org.postrider.tool.command.Terminal;
import org.postrider.wire.ModifiedUtf7;

/**
 * Brings a Maildir of Courier-IMAP 4 and older, whose folders have names in modified UTF-7 (RFC
 * 3501 section 5.1.3), to the names in UTF-8 of version 5.
 *
 * <p>First everything is looked at; where anything cannot be converted, nothing is. Names that are
 * not ASCII are in UTF-8 already and stay, so that a second run, or one after a crash, renames
 * nothing twice; what is ASCII and no modified UTF-7 any more, such as {@code a&b}, it complains of
 * and stops. The subscriptions, which name folders that need not exist, are replaced first, then
 * the directories are renamed one by one. No message and no UID is touched.
 */
final class Utf8Names {

  private static final String SUBSCRIPTIONS = "courierimapsubscribed";
  private static final int SUBSCRIPTIONS_MAX_OCTETS = 16 << 20;

  private final Path maildir;
  private final String shown;
  private final Terminal terminal;
  private boolean failed;

  /**
   * @param shown the Maildir as it was typed, for the texts
   */
  Utf8Names(Path maildir, String shown, Terminal terminal) {
    this.maildir = maildir;
    this.shown = shown;
    this.terminal = terminal;
  }

  /** Says what has to change, and changes it if that is wanted; the exit status. */
  int run(boolean convert) throws IOException {
    Map<String, String> folders = folders();
    Path file = maildir.resolve(SUBSCRIPTIONS);
    List<String> changed = new ArrayList<>();
    String subscriptions = Files.exists(file) ? subscriptions(file, changed) : null;
    terminal.err().flush();
    terminal.out().println("Checking " + shown + ":");
    changed.forEach(terminal.out()::println);
    if (failed) {
      return 1;
    }
    for (var folder : folders.entrySet()) {
      terminal.out().printf("Rename INBOX%s to INBOX%s%n", folder.getKey(), folder.getValue());
    }
    if (subscriptions != null) {
      terminal.out().printf("%s %s/%s%n", convert ? "Updating" : "Verified", shown, SUBSCRIPTIONS);
    }
    if (!convert) {
      return 0;
    }
    if (!changed.isEmpty()) {
      SharedMaildirs.replace(file, subscriptions.getBytes(UTF_8));
    }
    for (var folder : folders.entrySet()) {
      Files.move(maildir.resolve(folder.getKey()), maildir.resolve(folder.getValue()));
    }
    return 0;
  }

  /** The directories that get another name, with it. */
  private Map<String, String> folders() throws IOException {
    Map<String, String> renamed = new TreeMap<>();
    if (!Files.isDirectory(maildir)) {
      return renamed;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(maildir)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") || !Files.isDirectory(entry.resolve("cur"))) {
          continue;
        }
        if (name.indexOf('\uFFFD') >= 0) {
          error("INBOX" + name + ": is neither modified UTF-7 nor UTF-8: rename it");
          continue;
        }
        String converted = converted(name, "INBOX" + name);
        if (!converted.equals(name)) {
          renamed.put(name, converted);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Map<String, String> taken = new TreeMap<>();
    for (var folder : renamed.entrySet()) {
      String other = taken.put(folder.getValue(), folder.getKey());
      if (Files.exists(maildir.resolve(folder.getValue())) || other != null) {
        error(
            "INBOX%s: cannot become INBOX%s, which another folder is"
                .formatted(folder.getKey(), folder.getValue()));
      }
    }
    return renamed;
  }

  /** The new text of the file; what changes in it is added to the list. */
  private String subscriptions(Path file, List<String> changed) throws IOException {
    if (Files.size(file) > SUBSCRIPTIONS_MAX_OCTETS) {
      throw new IOException(file + " is larger than 16 MB, which no list of folders is.");
    }
    StringBuilder text = new StringBuilder();
    String all = new String(Files.readAllBytes(file), ISO_8859_1);
    for (String octets : all.lines().toList()) {
      String name = new String(octets.getBytes(ISO_8859_1), UTF_8);
      if (name.indexOf('\uFFFD') >= 0) {
        error(SUBSCRIPTIONS + ": " + name + ": is neither modified UTF-7 nor UTF-8");
        continue;
      }
      String converted = converted(name, SUBSCRIPTIONS + ": " + name);
      if (!converted.equals(name)) {
        changed.add("Subscription to " + name + " changed to " + converted);
      }
      text.append(converted).append('\n');
    }
    return text.toString();
  }

  /** The same in UTF-8; an error is said, and leaves it as it is. */
  private String converted(String name, String place) {
    if (!name.chars().allMatch(it -> it < 0x80)) {
      return name;
    }
    StringBuilder utf8 = new StringBuilder();
    String between = "";
    for (String part : name.split("\\.", -1)) {
      try {
        String decoded = ModifiedUtf7.decode(part);
        if (decoded.indexOf('.') >= 0 || decoded.indexOf('/') >= 0 || hasControls(decoded)) {
          error(place + ": decodes to a name that no folder may have: rename it");
          return name;
        }
        utf8.append(between).append(decoded);
      } catch (MailboxNameException | IllegalArgumentException damaged) {
        error(place + ": does not appear to be valid modified-UTF7");
        return name;
      }
      between = ".";
    }
    return utf8.toString();
  }

  private static boolean hasControls(String name) {
    return name.chars().anyMatch(it -> it < ' ' || it == 0x7f);
  }

  private void error(String what) {
    failed = true;
    terminal.err().println("Error: " + what);
  }
}
