package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.UidSet;

/** An account's Maildir for a test, and what other programs do to it. */
final class TestMaildir {

  static final MailboxName SENT = new MailboxName("INBOX.Sent");

  final Path root;
  private Folders folders;
  private Maildir maildir;
  private QuotaWarning warning = QuotaWarning.NONE;
  private TrashRules trash = TrashRules.NONE;

  TestMaildir(Path parent) throws IOException {
    this(parent, new Disk());
  }

  TestMaildir(Path parent, Disk disk) throws IOException {
    this.root = parent.resolve("Maildir");
    this.folders = new Folders(disk, 100_000, warning, trash);
    this.maildir = new Maildir(folders, root, disk.owner());
    maildir.prepare();
  }

  Maildir maildir() {
    return maildir;
  }

  Folder inbox() throws IOException, MaildirException {
    return maildir.folder(MailboxName.INBOX);
  }

  Folder folder(MailboxName name) throws IOException, MaildirException {
    return maildir.folder(name);
  }

  /** Those who are nearly over quota are warned, from the next restart on. */
  void warn(QuotaWarning nearlyFull) {
    warning = nearlyFull;
  }

  /** What becomes of messages that nobody wants any more, from the next restart on. */
  void trash(TrashRules rules) {
    trash = rules;
  }

  /** Nothing is known any more, as after a restart. */
  void restart() {
    restart(new Disk());
  }

  void restart(Disk disk) {
    folders = new Folders(disk, 100_000, warning, trash);
    maildir = new Maildir(folders, root, disk.owner());
  }

  /** What a delivery agent does. */
  Path deliver(String name) throws IOException {
    Path tmp = Files.writeString(root.resolve("tmp").resolve(name), text(name));
    return Files.move(tmp, root.resolve("new").resolve(name));
  }

  Path put(String name) throws IOException {
    return Files.writeString(root.resolve("cur").resolve(name), text(name));
  }

  static String text(String subject) {
    return "Subject: " + subject + "\n\nBody of " + subject + "\n";
  }

  /** What APPEND does. */
  static Published append(Folder folder, String subject, Flags flags)
      throws IOException, MaildirException {
    byte[] octets = text(subject).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (Incoming message =
        folder.receive(flags, Instant.ofEpochSecond(1_000_000_000), octets.length)) {
      message.write(ByteBuffer.wrap(octets));
      return folder.publish(List.of(message));
    }
  }

  /** Subject lines of all messages, by UID. */
  static List<String> subjects(Folder folder) throws IOException, MaildirException {
    FolderState state = folder.open(true);
    Stream.Builder<String> subjects = Stream.builder();
    for (StoredMessage message : folder.messages(state.uidValidity())) {
      try (OpenMessage open = folder.open(state.uidValidity(), message).orElseThrow()) {
        ByteBuffer octets = ByteBuffer.allocate((int) open.size());
        open.file().read(octets, 0);
        String text = new String(octets.array(), StandardCharsets.US_ASCII);
        subjects.add(text.substring("Subject: ".length(), text.indexOf('\n')));
      }
    }
    return subjects.build().toList();
  }

  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  static UidSet uids(long... uids) {
    UidSet.Builder set = new UidSet.Builder();
    for (long uid : uids) {
      set.add(uid);
    }
    return set.build();
  }
}
