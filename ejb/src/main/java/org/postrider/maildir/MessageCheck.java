package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postrider.maildir.CheckedFolder.Stat;
import org.postrider.maildir.Finding.Kind;

/**
 * Inspects the messages of one folder: what is in {@code new} and {@code cur}. Memory grows with
 * the names of one folder, as in the server.
 */
final class MessageCheck {

  private static final String NEW = "new";
  private static final String CUR = "cur";

  private final CheckedFolder folder;
  private final Findings findings;

  /** Where the message of a base name is: {@code cur} or {@code new}, a slash, its info. */
  private final Map<String, String> places = new HashMap<>();

  private final Map<String, String> interned = new HashMap<>();

  private record Double(String base, String one, String other) {}

  private final List<Double> doubles = new ArrayList<>();

  MessageCheck(CheckedFolder folder) {
    this.folder = folder;
    this.findings = folder.findings();
  }

  /**
   * @return how many messages there are in {@code cur}
   */
  int run() throws IOException {
    int inCur = 0;
    for (String part : List.of(CUR, NEW)) {
      Path directory = folder.directory().resolve(part);
      for (String name : folder.disk().names(directory)) {
        check(part, directory, name);
      }
      inCur = part.equals(CUR) ? places.size() : inCur;
    }
    for (Double one : doubles) {
      checkDouble(one);
    }
    return inCur;
  }

  private void check(String part, Path directory, String name) throws IOException {
    Path file = FileNames.in(directory, name);
    Stat stat = folder.stat(file);
    if (stat == null) {
      return; // moved, or read by another program meanwhile
    }
    if (name.startsWith(".")) {
      findings.note(
          Kind.FOREIGN, file, "a name that begins with a dot is shown by no mail program");
      return;
    }
    if (!stat.isFile()) {
      folder.setAside(Kind.STRAY, file, "this is no file, and so no message");
      return;
    }
    folder.checkRights(file, stat);
    MessageFileName message = MessageFileName.parse(name);
    if (message.base().isEmpty() || hasControls(name)) {
      rename(Kind.BAD_NAME, file, stat, message.info(), "no UID can be noted for this name");
      return;
    }
    long told = MessageFileName.diskSize(message.base());
    if (told >= 0 && told != stat.size()) {
      // Another name would be another message to every program that has a UID for this one.
      findings.tell(
          Kind.WRONG_SIZE,
          file,
          "its name says "
              + told
              + " octets and it has "
              + stat.size()
              + ", so that quotas count it wrong; the name stays, because its UID hangs on it");
    }
    String place = interned.computeIfAbsent(part + "/" + message.info(), text -> text);
    String before = places.putIfAbsent(message.base(), place);
    if (before != null) {
      doubles.add(new Double(message.base(), before, place));
    }
  }

  private static boolean hasControls(String name) {
    return name.chars().anyMatch(it -> it < ' ' || it == 0x7F);
  }

  private void rename(Kind kind, Path file, Stat stat, String info, String detail) {
    findings.mend(
        kind,
        file,
        detail,
        () -> {
          boolean plain = info.startsWith(":2,") && !hasControls(info);
          Path to =
              FileNames.in(
                  file.getParent(), CheckedFolder.freshBase(stat) + (plain ? info : ":2,"));
          folder.disk().rename(file, to);
          return "renamed to " + to.getFileName();
        });
  }

  private Path path(String base, String place) {
    int slash = place.indexOf('/');
    return FileNames.in(
        folder.directory().resolve(place.substring(0, slash)), base + place.substring(slash + 1));
  }

  private void checkDouble(Double found) throws IOException {
    Path one = path(found.base(), found.one());
    Path other = path(found.base(), found.other());
    Stat first = folder.stat(one);
    Stat second = folder.stat(other);
    if (first == null || second == null) {
      return; // one message, seen before and after its flags changed
    }
    String detail =
        (first.isSameFileAs(second) ? "the same file as " : "another message with the name of ")
            + one;
    findings.mend(Kind.DOUBLE, other, detail, () -> separate(one, other));
  }

  /** The one in {@code cur}, or the first of two there, keeps the name and so its UID. */
  private String separate(Path one, Path other) throws IOException, MaildirException {
    try (CourierLock held = CourierLock.take(folder.disk(), folder.directory())) {
      Stat first = folder.stat(one);
      Stat second = folder.stat(other);
      if (first == null || second == null) {
        return null;
      }
      if (first.isSameFileAs(second)) {
        folder.disk().unlink(other);
        return "its second name was removed";
      }
      String info = MessageFileName.parse(FileNames.octets(other)).info();
      Path to = FileNames.in(other.getParent(), CheckedFolder.freshBase(second) + info);
      folder.disk().rename(other, to);
      return "renamed to " + to.getFileName() + ", a message of its own";
    }
  }
}
