package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postrider.maildir.CheckedFolder.Stat;
import org.postrider.maildir.Finding.Kind;

/** Inspects what programs keep about the messages of one folder: UIDs, keywords, access. */
final class StateFileCheck {

  private static final long MOST_ACCESS_OCTETS = 1_000_000;

  /** Largest list that is held in memory to be written anew. */
  private static final long MOST_MENDED_OCTETS = 64_000_000;

  private final CheckedFolder folder;
  private final Disk disk;
  private final Findings findings;
  private final UidValidities validities = new UidValidities();

  StateFileCheck(CheckedFolder folder) {
    this.folder = folder;
    this.disk = folder.disk();
    this.findings = folder.findings();
  }

  /**
   * @param messages how many there are in {@code cur}
   */
  void run(int messages) throws IOException {
    checkUidList(messages);
    checkKeywords();
    checkAccessList(folder.directory().resolve(AccessFiles.FILE));
  }

  /** False where there is none, or something else has its name. */
  private boolean isFile(Kind kind, Path file) throws IOException {
    Stat stat = folder.stat(file);
    if (stat == null) {
      return false;
    }
    if (!stat.isFile()) {
      folder.setAside(kind, file, "this has to be a file");
      return false;
    }
    folder.checkRights(file, stat);
    return true;
  }

  // ---- UIDs

  private void checkUidList(int messages) throws IOException {
    Path file = folder.directory().resolve(UidList.FILE);
    if (!isFile(Kind.UID_LIST, file)) {
      if (messages > 0 && folder.stat(file) == null) {
        findings.note(
            Kind.UID_LIST, file, "there is none: the next program that opens it numbers messages");
      }
      return;
    }
    UidListAudit audit = UidListAudit.of(disk, file);
    if (audit == null) {
      findings.tell(Kind.UID_LIST, file, "this is too large for a list of UIDs");
    } else if (!audit.problems().isEmpty()) {
      findings.mend(
          Kind.UID_LIST, file, "it has " + String.join(", ", audit.problems()), () -> mend(file));
    }
  }

  private String mend(Path file) throws IOException, MaildirException {
    try (CourierLock held = CourierLock.take(disk, folder.directory())) {
      UidListAudit audit = UidListAudit.of(disk, file);
      if (audit == null || audit.problems().isEmpty()) {
        return null;
      }
      UidList list = UidList.read(disk, folder.directory());
      boolean renewed = list == null;
      if (renewed) {
        // What was told under the old UIDVALIDITY is void; under a new one nobody holds anything.
        long validity = validities.next(disk, folder.root(), 0);
        list = UidList.parse(withHead("1 " + validity + " 1\n", readAll(file)));
      }
      folder.aside().keep(file);
      UidList.write(disk, folder.directory(), list.format());
      return renewed
          ? "the messages have a new UIDVALIDITY, " + list.uidValidity()
          : "written anew; each message has the UID that the server gives it from the old one";
    }
  }

  private byte[] readAll(Path file) throws IOException {
    byte[] octets = disk.readAll(file, MOST_MENDED_OCTETS);
    if (octets == null) {
      throw new IOException(
          "it is larger than " + MOST_MENDED_OCTETS + " octets, which is the most for this");
    }
    return octets;
  }

  private static byte[] withHead(String head, byte[] octets) {
    int end = 0;
    while (end < octets.length && octets[end] != '\n') {
      end++;
    }
    int from = Math.min(octets.length, end + 1);
    byte[] whole = new byte[head.length() + octets.length - from];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, whole, 0, head.length());
    System.arraycopy(octets, from, whole, head.length(), octets.length - from);
    return whole;
  }

  // ---- keywords

  private void checkKeywords() throws IOException {
    Path directory = folder.directory().resolve(Keywords.DIRECTORY);
    Stat stat = folder.stat(directory);
    if (stat == null) {
      return;
    }
    if (!stat.isDirectory()) {
      folder.setAside(Kind.KEYWORDS, directory, "this has to be a directory");
      return;
    }
    if (!folder.checkRights(directory, stat)) {
      return;
    }
    List<String> strange = new ArrayList<>();
    for (String name : disk.names(directory)) {
      Stat entry = folder.stat(FileNames.in(directory, name));
      if (entry != null && (!entry.isFile() || !Keywords.isEntry(name))) {
        strange.add(name);
      }
    }
    for (String name : strange) {
      folder.setAside(
          Kind.KEYWORDS, FileNames.in(directory, name), "this is no file about keywords");
    }
    Path list = directory.resolve(Keywords.LIST);
    int bad = Keywords.unreadableLines(disk, list);
    if (bad > 0) {
      findings.mend(
          Kind.KEYWORDS, list, "it has lines that say nothing (" + bad + ")", () -> mendList(list));
    }
  }

  private String mendList(Path list) throws IOException, MaildirException {
    try (CourierLock held = CourierLock.take(disk, folder.directory())) {
      byte[] octets = readAll(list);
      folder.aside().keep(list);
      Path scratch = folder.directory().resolve("tmp").resolve(UniqueNames.scratch("keywords"));
      disk.replace(scratch, list, Keywords.formatList(Keywords.parseList(octets)), true);
      return "written anew without them";
    }
  }

  // ---- access

  /**
   * @param file in a folder, or of a level that is none
   */
  void checkAccessList(Path file) throws IOException {
    if (!isFile(Kind.ACCESS_LIST, file)) {
      return;
    }
    byte[] octets = disk.readAll(file, MOST_ACCESS_OCTETS);
    if (octets == null) {
      folder.setAside(Kind.ACCESS_LIST, file, "this is too large for an access list");
      return;
    }
    int bad = AccessList.unreadableLines(octets);
    if (bad > 0) {
      findings.mend(
          Kind.ACCESS_LIST,
          file,
          "it has lines that are no identifier and rights (" + bad + ")",
          () -> mendAccessList(file));
    }
  }

  private String mendAccessList(Path file) throws IOException, MaildirException {
    try (CourierLock held = CourierLock.take(disk, folder.root())) {
      byte[] octets = disk.readAll(file, MOST_ACCESS_OCTETS);
      if (octets == null) {
        return null;
      }
      folder.aside().keep(file);
      Path scratch = folder.directory().resolve("tmp").resolve(UniqueNames.scratch("acl"));
      disk.replace(scratch, file, AccessList.parse(octets).format(), true);
      return "written anew without them";
    }
  }
}
