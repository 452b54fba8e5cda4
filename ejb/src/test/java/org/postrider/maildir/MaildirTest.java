package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;

class MaildirTest {

  @TempDir Path directory;

  private TestMaildir account;
  private Maildir maildir;

  @BeforeEach
  void makeMaildir() throws IOException {
    account = new TestMaildir(directory);
    maildir = account.maildir();
  }

  private static MailboxName name(String name) {
    return new MailboxName("INBOX." + name);
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MaildirException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(account.root.resolve(path)));
  }

  @Test
  void aNewFolderIsAsCourierMakesIt() throws Exception {
    maildir.create(name("Sent"));
    assertThat(TestMaildir.names(account.root.resolve(".Sent")))
        .containsExactly(
            "courierimapacl",
            "courierimapkeywords",
            "courierimapuiddb",
            "cur",
            "maildirfolder",
            "new",
            "tmp");
    for (String part : List.of("", "/cur", "/new", "/tmp", "/courierimapkeywords")) {
      assertThat(mode(".Sent" + part)).as(part).isEqualTo("rwx------");
    }
    assertThat(mode(".Sent/maildirfolder")).isEqualTo("rw-------");
    assertThat(account.root.resolve(".Sent/maildirfolder")).isEmptyFile();
    assertThat(mode(".Sent/courierimapuiddb")).isEqualTo("rw-r--r--");
    assertThat(Files.readString(account.root.resolve(".Sent/courierimapuiddb")))
        .matches("1 \\d{9,10} 1\n");
    assertThat(account.root.resolve(".Sent/tmp")).isEmptyDirectory();
  }

  /** As Courier-IMAP 5.0.13 names directories. */
  @ParameterizedTest
  @CsvSource({
    "INBOX.été, .été",
    "INBOX.台北, .台北",
    "INBOX.a&b, .a&b",
    "INBOX.~tilde:colon, .~tilde:colon",
    "INBOX.a.b.c, .a.b.c",
    "INBOX.with blank, .with blank"
  })
  void aNameIsADirectoryInUtf8(String name, String directory) throws Exception {
    maildir.create(new MailboxName(name));
    assertThat(account.root.resolve(directory)).isDirectory();
    assertThat(maildir.mailboxes()).contains(new MailboxName(name));
    assertThat(maildir.folder(new MailboxName(name)).open(false).uids()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INBOX./etc",
        "INBOX.a/b",
        "INBOX...",
        "INBOX..",
        "INBOX.",
        "INBOX.a..b",
        "INBOX.a.",
        "INBOX./../x",
        "INBOX.a\0b",
        "INBOX.a\nb",
        "INBOX.a\u007fb",
        "foo",
        "..",
        "/etc/passwd",
        "shared.x",
        "#shared.x"
      })
  void noNameLeadsOutOfTheMaildir(String name) throws Exception {
    MailboxName hostile = new MailboxName(name);
    assertRefused(Reason.CANNOT, () -> maildir.create(hostile));
    assertRefused(Reason.CANNOT, () -> maildir.rename(hostile, name("x")));
    assertRefused(Reason.NONEXISTENT, () -> maildir.folder(hostile));
    assertRefused(Reason.NONEXISTENT, () -> maildir.delete(hostile));
    maildir.create(name("y"));
    assertRefused(Reason.CANNOT, () -> maildir.rename(name("y"), hostile));
    assertThat(TestMaildir.names(directory)).containsExactly("Maildir");
    assertThat(TestMaildir.names(account.root)).doesNotContain("x", "..x");
  }

  @Test
  void aNameLongerThanAFileNameIsRefused() throws Exception {
    maildir.create(name("x".repeat(254)));
    assertRefused(Reason.CANNOT, () -> maildir.create(name("x".repeat(255))));
    assertRefused(Reason.CANNOT, () -> maildir.create(name("é".repeat(128))));
  }

  @Test
  void symbolicLinksAreNoMailboxes() throws Exception {
    Path outside = Files.createDirectories(directory.resolve("outside/cur")).getParent();
    Files.createDirectories(outside.resolve("new"));
    Files.createDirectories(outside.resolve("tmp"));
    Files.createSymbolicLink(account.root.resolve(".link"), outside);
    maildir.create(name("real"));
    Files.delete(account.root.resolve(".real/cur"));
    Files.createSymbolicLink(account.root.resolve(".real/cur"), outside.resolve("cur"));
    assertThat(maildir.mailboxes()).containsExactly(MailboxName.INBOX);
    assertRefused(Reason.NONEXISTENT, () -> maildir.folder(name("link")));
    assertRefused(Reason.NONEXISTENT, () -> maildir.folder(name("real")));
    assertRefused(Reason.NONEXISTENT, () -> maildir.delete(name("link")));
    assertRefused(Reason.CANNOT, () -> maildir.create(name("link")));
    assertThat(outside.resolve("cur")).exists();
  }

  @Test
  void otherEntriesAreNoMailboxes() throws Exception {
    Files.createFile(account.root.resolve(".file"));
    Files.createDirectory(account.root.resolve(".empty"));
    Files.createDirectory(account.root.resolve("courierimaphieracl"));
    Files.createDirectories(FileNames.in(account.root, ".bad\u00ff").resolve("cur"));
    maildir.create(name("a.b"));
    assertThat(maildir.mailboxes()).containsExactly(MailboxName.INBOX, name("a.b"));
  }

  @Test
  void aFolderThatSomebodyCouldNotFinishIsCompleted() throws Exception {
    Files.createDirectories(account.root.resolve(".half/tmp"));
    maildir.create(name("half"));
    assertThat(maildir.folder(name("half")).open(false).uids()).isEmpty();
  }

  @Test
  void whatExistsCantBeMadeAgain() throws Exception {
    maildir.create(name("Sent"));
    assertRefused(Reason.ALREADY_EXISTS, () -> maildir.create(name("Sent")));
    assertRefused(Reason.ALREADY_EXISTS, () -> maildir.create(MailboxName.INBOX));
    Files.createFile(account.root.resolve(".file"));
    assertRefused(Reason.CANNOT, () -> maildir.create(name("file")));
  }

  @Test
  void deletingTakesTheFolderAndNotThoseBelowIt() throws Exception {
    maildir.create(name("a"));
    maildir.create(name("a.b"));
    TestMaildir.append(maildir.folder(name("a")), "x", Flags.NONE);
    Path outside = Files.writeString(directory.resolve("keep"), "x");
    Files.createSymbolicLink(account.root.resolve(".a/cur/link"), outside);
    maildir.delete(name("a"));
    assertThat(account.root.resolve(".a")).doesNotExist();
    assertThat(outside).exists();
    assertThat(maildir.mailboxes()).containsExactly(MailboxName.INBOX, name("a.b"));
    assertThat(account.root.resolve("tmp")).isEmptyDirectory();
    assertRefused(Reason.NONEXISTENT, () -> maildir.delete(name("a")));
  }

  @Test
  void inboxAndTrashStay() throws Exception {
    maildir.create(name("Trash"));
    assertRefused(Reason.CANNOT, () -> maildir.delete(MailboxName.INBOX));
    assertRefused(Reason.CANNOT, () -> maildir.delete(name("Trash")));
    assertRefused(Reason.CANNOT, () -> maildir.rename(name("Trash"), name("x")));
  }

  @Test
  void aNameThatIsUsedAgainHasANewUidValidity() throws Exception {
    long last = 0;
    for (int i = 0; i < 5; i++) {
      maildir.create(name("again"));
      long validity = maildir.folder(name("again")).open(false).uidValidity();
      assertThat(validity).isGreaterThan(last);
      last = validity;
      if (i % 2 == 0) {
        maildir.delete(name("again"));
      } else {
        maildir.rename(name("again"), name("other" + i));
      }
      if (i == 2) {
        account.restart();
        maildir = account.maildir();
      }
    }
  }

  @Test
  void renamingTakesThoseBelowAlongAndKeepsMessages() throws Exception {
    for (String folder : List.of("a", "a.b", "a.b.c", "ab")) {
      maildir.create(name(folder));
    }
    TestMaildir.append(maildir.folder(name("a.b")), "x", Flags.of(SystemFlag.SEEN));
    FolderState before = maildir.folder(name("a.b")).open(false);
    maildir.rename(name("a"), name("z.y"));
    assertThat(maildir.mailboxes())
        .containsExactly(
            MailboxName.INBOX, name("ab"), name("z.y"), name("z.y.b"), name("z.y.b.c"));
    FolderState after = maildir.folder(name("z.y.b")).open(false);
    assertThat(after.uids()).isEqualTo(before.uids());
    assertThat(after.uidValidity()).isGreaterThan(before.uidValidity());
  }

  @Test
  void renamingAParentThatOnlyHasChildrenRenamesThem() throws Exception {
    maildir.create(name("a.b"));
    maildir.rename(name("a"), name("c"));
    assertThat(maildir.mailboxes()).containsExactly(MailboxName.INBOX, name("c.b"));
  }

  @Test
  void renamingIsRefusedWhereItCantBeDoneWhole() throws Exception {
    maildir.create(name("a"));
    maildir.create(name("a.b"));
    maildir.create(name("c.b"));
    assertRefused(Reason.ALREADY_EXISTS, () -> maildir.rename(name("a"), name("c")));
    assertRefused(Reason.CANNOT, () -> maildir.rename(name("a"), name("a.b.c")));
    assertRefused(Reason.CANNOT, () -> maildir.rename(name("a"), name("a")));
    assertRefused(Reason.NONEXISTENT, () -> maildir.rename(name("none"), name("d")));
    assertRefused(Reason.ALREADY_EXISTS, () -> maildir.rename(name("a"), MailboxName.INBOX));
    assertThat(maildir.mailboxes())
        .containsExactly(MailboxName.INBOX, name("a"), name("a.b"), name("c.b"));
  }

  @Test
  void aRenamingThatFailsHalfWayIsTakenBack() throws Exception {
    FailingDisk disk = new FailingDisk(FailingDisk.Fault.ERROR);
    account.restart(disk);
    maildir = account.maildir();
    maildir.create(name("a"));
    maildir.create(name("a.b"));
    int tried = 0;
    do {
      disk.failAt(++tried);
      try {
        maildir.rename(name("a"), name("z"));
      } catch (IOException e) {
        SortedSet<MailboxName> names = maildir.mailboxes();
        boolean before = names.equals(Set.of(MailboxName.INBOX, name("a"), name("a.b")));
        boolean after = names.equals(Set.of(MailboxName.INBOX, name("z"), name("z.b")));
        assertThat(before || after)
            .as("%s after a failure at %s", names, disk.trace.getLast())
            .isTrue();
      }
    } while (disk.hasFailed() && maildir.has(name("a")));
    assertThat(maildir.mailboxes()).contains(name("z"), name("z.b"));
  }

  @Test
  void renamingInboxMovesItsMessagesAndItStays() throws Exception {
    maildir.create(name("below"));
    for (int i = 0; i < 3; i++) {
      TestMaildir.append(account.inbox(), "m" + i, Flags.of(SystemFlag.FLAGGED));
    }
    maildir.rename(MailboxName.INBOX, name("old"));
    assertThat(TestMaildir.subjects(maildir.folder(name("old")))).containsExactly("m0", "m1", "m2");
    assertThat(account.inbox().open(false).uids()).isEmpty();
    assertThat(maildir.mailboxes()).containsExactly(MailboxName.INBOX, name("below"), name("old"));
    assertThat(TestMaildir.append(account.inbox(), "next", Flags.NONE).uids()).containsExactly(4);
  }

  @Test
  void whoHasADeletedOrRenamedFolderSelectedIsTold() throws Exception {
    maildir.create(name("a"));
    Folder folder = maildir.folder(name("a"));
    FolderState state = folder.open(false);
    maildir.rename(name("a"), name("b"));
    assertRefused(Reason.CLOSED, () -> folder.changes(state.uidValidity(), state.modSeq(), false));
    Folder renamed = maildir.folder(name("b"));
    assertRefused(Reason.CLOSED, () -> renamed.changes(state.uidValidity(), state.modSeq(), false));
    FolderState now = renamed.open(false);
    new Disk().removeTree(account.root.resolve(".b"));
    assertRefused(Reason.CLOSED, () -> renamed.changes(now.uidValidity(), now.modSeq(), false));
  }
}
