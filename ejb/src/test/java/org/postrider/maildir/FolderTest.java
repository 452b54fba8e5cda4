package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.subjects;
import static org.postrider.maildir.TestMaildir.uids;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

class FolderTest {

  private static final Flags SEEN = Flags.of(SystemFlag.SEEN);
  private static final Flags DELETED = Flags.of(SystemFlag.DELETED);

  @TempDir Path directory;

  private TestMaildir account;
  private Path cur;

  @BeforeEach
  void makeMaildir() throws IOException {
    account = new TestMaildir(directory);
    cur = account.root.resolve("cur");
  }

  private String list() throws IOException {
    return Files.readString(account.root.resolve(UidList.FILE), StandardCharsets.ISO_8859_1);
  }

  /** A folder as Courier-IMAP 5.0.13 left it: the same UIDs, flags and keywords are seen. */
  @Test
  void couriersFolderIsReadAsItIs() throws Exception {
    String one = "1795347618.M790413P977V000000000000FE00I0000000000244041_0.mail,S=72";
    String two = "1795347620.M11586P977V000000000000FE00I00000000002440F2_1.mail,S=19";
    account.put(one + ":2,FS");
    account.put(two + ":2,");
    String uids = "1 795347514 3\n1 " + one + "\n2 " + two + "\n";
    Files.writeString(account.root.resolve(UidList.FILE), uids);
    Path keywords = Files.createDirectory(account.root.resolve(Keywords.DIRECTORY));
    Files.writeString(keywords.resolve(":list"), "$Label1\nFoo\n\n" + one + ":0 1\n");

    FolderState state = account.inbox().open(false);
    assertThat(state.uidValidity()).isEqualTo(795347514);
    assertThat(state.uidNext()).isEqualTo(3);
    assertThat(state.uids()).containsExactly(1, 2);
    assertThat(state.recent().isEmpty()).isTrue();
    assertThat(state.firstUnseen()).isEqualTo(2);
    assertThat(state.keywords()).containsExactly("$Label1", "Foo");
    List<StoredMessage> messages = account.inbox().messages(795347514);
    assertThat(messages.get(0).flags().wireNames())
        .containsExactly("\\Flagged", "\\Seen", "$Label1", "Foo");
    assertThat(messages.get(0).diskSize()).isEqualTo(72);
    assertThat(messages.get(1).flags()).isEqualTo(Flags.NONE);
    assertThat(list()).isEqualTo(uids);
  }

  @Test
  void whatIsDeliveredComesIntoCurAndIsNumberedByItsName() throws Exception {
    account.put("1000.zzz.h:2,S");
    account.put("1600.noflags");
    account.deliver("1500.q.h");
    account.deliver("1800.withflags:2,S");
    account.deliver("1900.exp:1,x");
    account.put("abc.first");
    account.put("10000.aaa.h:2,");
    account.deliver("2000.bbb.h");
    Files.createFile(account.root.resolve("new/.hidden"));
    FolderState state = account.inbox().open(false);
    assertThat(state.uids()).hasSize(8);
    assertThat(list())
        .isEqualTo(
            "1 "
                + state.uidValidity()
                + " 9\n1 abc.first\n2 1000.zzz.h\n3 1500.q.h\n4 1600.noflags\n"
                + "5 1800.withflags\n6 1900.exp\n7 2000.bbb.h\n8 10000.aaa.h\n");
    assertThat(TestMaildir.names(cur))
        .containsExactly(
            "1000.zzz.h:2,S",
            "10000.aaa.h:2,",
            "1500.q.h:2,",
            "1600.noflags",
            "1800.withflags:2,S",
            "1900.exp:1,x",
            "2000.bbb.h:2,",
            "abc.first");
    assertThat(state.recent()).isEqualTo(UidSet.ofRange(1, 8));
    assertThat(account.inbox().open(false).recent().isEmpty()).isTrue();
    assertThat(account.root.resolve("new/.hidden")).exists();
  }

  @Test
  void whoOnlyReadsLeavesRecentToTheNext() throws Exception {
    account.deliver("1.a");
    assertThat(account.inbox().open(true).recent()).isEqualTo(uids(1));
    assertThat(account.inbox().open(false).recent()).isEqualTo(uids(1));
    assertThat(account.inbox().open(true).recent().isEmpty()).isTrue();
  }

  @Test
  void countingLeavesNewMailWhereItIs() throws Exception {
    account.put("1.a:2,S");
    account.inbox().open(false);
    account.deliver("2.b");
    account.deliver("3.c");
    FolderCounts counts = account.inbox().counts();
    assertThat(counts.messages()).isEqualTo(3);
    assertThat(counts.recent()).isEqualTo(2);
    assertThat(counts.unseen()).isEqualTo(2);
    assertThat(counts.uidNext()).isEqualTo(4);
    assertThat(TestMaildir.names(account.root.resolve("new"))).hasSize(2);
    assertThat(account.inbox().open(false).recent()).isEqualTo(uids(2, 3));
  }

  @Test
  void aSessionIsToldWhatHappenedSince() throws Exception {
    Folder inbox = account.inbox();
    append(inbox, "a", Flags.NONE);
    append(inbox, "b", Flags.NONE);
    append(inbox, "c", Flags.NONE);
    FolderState state = inbox.open(false);
    long validity = state.uidValidity();
    assertThat(inbox.changes(validity, state.modSeq(), false))
        .isEqualTo(FolderChanges.none(state.modSeq()));

    inbox.store(validity, uids(2), flags -> flags.plus(SystemFlag.DELETED));
    inbox.store(validity, uids(3), flags -> flags.plus(Flags.ofKeywords(List.of("Work"))));
    inbox.expunge(validity, Optional.empty());
    append(inbox, "d", SEEN);
    account.deliver("9.e");
    FolderChanges changes = inbox.changes(validity, state.modSeq(), false);
    assertThat(changes.vanished()).isEqualTo(uids(2));
    assertThat(changes.arrived()).isEqualTo(uids(4, 5));
    assertThat(changes.recent()).isEqualTo(uids(4, 5));
    assertThat(changes.flags()).extracting(MessageState::uid).containsExactly(3L);
    assertThat(changes.keywords().orElseThrow()).containsExactly("Work");
    assertThat(inbox.changes(validity, changes.modSeq(), false))
        .isEqualTo(FolderChanges.none(changes.modSeq()));
  }

  @Test
  void aStateTooOldForTheLogNamesEverythingThatIsNotThere() throws Exception {
    Folder inbox = account.inbox();
    append(inbox, "keep", Flags.NONE);
    long since = inbox.open(false).modSeq();
    long validity = inbox.open(false).uidValidity();
    FolderHistory history = new FolderHistory(validity, since, 10);
    for (int i = 0; i < 3_000; i++) {
      history.removed(since + 1 + i, uids(5));
    }
    MessageTable now = new MessageTable();
    now.add(3, "c", "", Flags.NONE, since, -1, -1);
    now.add(7, "g", "", Flags.NONE, since, -1, -1);
    assertThat(history.vanishedSince(since, 10, now).toString()).isEqualTo("1:2,4:6,8:9");
    assertThat(history.vanishedSince(since + 2_999, 10, now).toString()).isEqualTo("5");
  }

  @Test
  void aSessionOutlivesTheFoldersMemory() throws Exception {
    Folder inbox = account.inbox();
    append(inbox, "a", Flags.NONE);
    append(inbox, "b", Flags.NONE);
    FolderState state = inbox.open(false);
    var histories = new java.util.concurrent.atomic.AtomicReference<FolderHistory>();
    UidValidities validities = new UidValidities();
    MessageFiles files = new MessageFiles(new Disk(), account.root);
    FolderQuota quota =
        new FolderQuota(
            files.disk, new Quota(files.disk, account.root, QuotaWarning.NONE), account.root);
    Folder first = new Folder(validities, account.root, files, quota, histories);
    long since = first.open(false).modSeq();
    Folder second = new Folder(validities, account.root, files, quota, histories);
    second.expunge(state.uidValidity(), Optional.of(uids(1)));
    second.store(state.uidValidity(), uids(1), flags -> DELETED);
    second.expunge(state.uidValidity(), Optional.of(uids(1)));
    append(second, "c", Flags.NONE);
    FolderChanges changes = second.changes(state.uidValidity(), since, false);
    assertThat(changes.vanished()).isEqualTo(uids(1));
    assertThat(changes.arrived()).isEqualTo(uids(3));
    assertThat(changes.modSeq()).isGreaterThan(since);
  }

  @Test
  void flagsAreRenamings() throws Exception {
    account.put("1.a:2,PSab");
    account.put("2.b:1,x");
    Folder inbox = account.inbox();
    long validity = inbox.open(false).uidValidity();
    FlagsStored stored =
        inbox.store(
            validity,
            UidSet.ofRange(1, 9),
            flags -> Flags.of(SystemFlag.ANSWERED, SystemFlag.DRAFT));
    assertThat(TestMaildir.names(cur)).containsExactly("1.a:2,DPRab", "2.b:2,DR");
    assertThat(stored.messages()).extracting(MessageState::modSeq).containsOnly(stored.modSeq());
    FlagsStored again = inbox.store(validity, uids(1), flags -> flags);
    assertThat(again.modSeq()).isZero();
    assertThat(again.messages().getFirst().modSeq()).isEqualTo(stored.modSeq());
  }

  @Test
  void keywordsAreFilesAndKeepTheirFirstSpelling() throws Exception {
    account.put("1.a:2,");
    account.put("2.b:2,");
    Folder inbox = account.inbox();
    long validity = inbox.open(false).uidValidity();
    inbox.store(validity, uids(1), flags -> flags.plus(Flags.ofKeywords(List.of("Foo"))));
    Path keywords = account.root.resolve(Keywords.DIRECTORY);
    assertThat(keywords.resolve("1.a")).hasContent("Foo\n");
    inbox.store(
        validity,
        uids(2),
        flags -> flags.plus(Flags.ofKeywords(List.of("foo", "Bar"))).plus(SystemFlag.SEEN));
    assertThat(Files.readString(keywords.resolve("2.b"))).isEqualTo("Bar\nFoo\n");
    assertThat(cur.resolve("2.b:2,S")).exists();
    account.restart();
    FolderState state = account.inbox().open(false);
    assertThat(state.keywords()).containsExactly("Bar", "Foo");
    assertThat(Files.readString(keywords.resolve(":list")))
        .isEqualTo("Bar\nFoo\n\n1.a:1\n2.b:0 1\n");
  }

  @Test
  void aWordThatIsNoKeywordIsRefused() throws Exception {
    account.put("1.a:2,");
    Folder inbox = account.inbox();
    long validity = inbox.open(false).uidValidity();
    assertThatThrownBy(
            () ->
                inbox.store(validity, uids(1), flags -> Flags.ofKeywords(List.of("x".repeat(300)))))
        .isInstanceOf(MaildirException.class);
  }

  @Test
  void whatOtherProgramsRenameIsFoundAndToldOf() throws Exception {
    Path file = account.put("1.a:2,");
    account.put("2.b:2,");
    Folder inbox = account.inbox();
    FolderState state = inbox.open(false);
    StoredMessage before = inbox.messages(state.uidValidity(), uids(1)).getFirst();
    Files.move(file, cur.resolve("1.a:2,FS"));
    try (OpenMessage open = inbox.open(state.uidValidity(), before).orElseThrow()) {
      assertThat(open.size()).isEqualTo(TestMaildir.text("1.a:2,").length());
    }
    FolderChanges changes = inbox.changes(state.uidValidity(), state.modSeq(), false);
    assertThat(changes.flags())
        .extracting(MessageState::flags)
        .containsExactly(Flags.of(SystemFlag.FLAGGED, SystemFlag.SEEN));

    Files.move(cur.resolve("1.a:2,FS"), cur.resolve("1.a:2,"));
    inbox.store(state.uidValidity(), uids(1, 2), flags -> flags.plus(SystemFlag.ANSWERED));
    assertThat(TestMaildir.names(cur)).containsExactly("1.a:2,R", "2.b:2,R");

    Files.delete(cur.resolve("2.b:2,R"));
    assertThat(inbox.changes(state.uidValidity(), changes.modSeq(), false).vanished())
        .isEqualTo(uids(2));
    assertThat(inbox.expunge(state.uidValidity(), Optional.empty()).isEmpty()).isTrue();
  }

  @Test
  void onlyDeletedMessagesAreExpunged() throws Exception {
    Folder inbox = account.inbox();
    for (int i = 1; i <= 4; i++) {
      append(inbox, "m" + i, i % 2 == 0 ? DELETED : SEEN);
    }
    long validity = inbox.open(false).uidValidity();
    assertThat(inbox.expunge(validity, Optional.of(uids(1, 2, 3)))).isEqualTo(uids(2));
    assertThat(inbox.expunge(validity, Optional.empty())).isEqualTo(uids(4));
    assertThat(subjects(inbox)).containsExactly("m1", "m3");
  }

  @Test
  void aUidIsNeverUsedAgain() throws Exception {
    Folder inbox = account.inbox();
    assertThat(append(inbox, "a", DELETED).uids()).containsExactly(1);
    long validity = inbox.open(false).uidValidity();
    inbox.expunge(validity, Optional.empty());
    account.restart();
    assertThat(append(account.inbox(), "b", DELETED).uids()).containsExactly(2);
    account.inbox().expunge(validity, Optional.empty());
    account.deliver("1.c");
    assertThat(account.inbox().open(false).uids()).containsExactly(3);
  }

  @Test
  void anAppendedMessageIsAsCourierWouldHaveWrittenIt() throws Exception {
    Folder inbox = account.inbox();
    append(inbox, "x", Flags.of(SystemFlag.SEEN, SystemFlag.FLAGGED));
    String name = TestMaildir.names(cur).getFirst();
    assertThat(name)
        .matches(
            "\\d+\\.M\\d+P\\d+V[0-9A-F]{16}I[0-9A-F]{16}_\\d+\\.[^,:]+,S="
                + TestMaildir.text("x").length()
                + ":2,FS");
    assertThat(cur.resolve(name)).hasContent(TestMaildir.text("x"));
    assertThat(Files.getLastModifiedTime(cur.resolve(name)).toInstant().getEpochSecond())
        .isEqualTo(1_000_000_000);
    assertThat(list()).endsWith(" 2\n1 " + name.substring(0, name.lastIndexOf(':')) + "\n");
    assertThat(account.root.resolve("tmp")).isEmptyDirectory();
    StoredMessage stored = inbox.messages(inbox.open(false).uidValidity()).getFirst();
    assertThat(stored.wireSize()).isEqualTo(TestMaildir.text("x").replace("\n", "\r\n").length());
  }

  @Test
  void anAppendThatIsNotDeliveredLeavesNothing() throws Exception {
    Incoming message = account.inbox().receive(SEEN, null, 0);
    message.write(java.nio.ByteBuffer.wrap(new byte[100_000]));
    message.close();
    assertThat(account.root.resolve("tmp")).isEmptyDirectory();
    assertThat(account.inbox().open(false).uids()).isEmpty();
  }

  @Test
  void copiesKeepOctetsFlagsKeywordsAndDate() throws Exception {
    account.maildir().create(TestMaildir.SENT);
    Folder inbox = account.inbox();
    Folder sent = account.folder(TestMaildir.SENT);
    append(inbox, "a", Flags.of(SystemFlag.SEEN).plus(Flags.ofKeywords(List.of("Foo"))));
    append(inbox, "b", DELETED);
    append(inbox, "c", Flags.NONE);
    append(sent, "z", Flags.NONE);
    long validity = inbox.open(false).uidValidity();
    Transfer transfer = Transfer.copy(inbox, validity, uids(1, 3, 99), sent).orElseThrow();
    assertThat(transfer.source()).isEqualTo(uids(1, 3));
    assertThat(transfer.target()).isEqualTo(uids(2, 3));
    assertThat(subjects(sent)).containsExactly("z", "a", "c");
    account.restart();
    List<StoredMessage> copies = account.folder(TestMaildir.SENT).messages(transfer.uidValidity());
    assertThat(copies.get(1).flags().wireNames()).containsExactly("\\Seen", "Foo");
    assertThat(
            account
                .folder(TestMaildir.SENT)
                .date(transfer.uidValidity(), copies.get(1))
                .orElseThrow()
                .getEpochSecond())
        .isEqualTo(1_000_000_000);
    assertThat(subjects(account.inbox())).containsExactly("a", "b", "c");
    assertThat(Transfer.copy(inbox, validity, uids(99), sent)).isEmpty();
  }

  @Test
  void movedMessagesAreInTheTargetAndNotInTheSource() throws Exception {
    account.maildir().create(TestMaildir.SENT);
    Folder inbox = account.inbox();
    Folder sent = account.folder(TestMaildir.SENT);
    append(inbox, "a", SEEN);
    append(inbox, "b", Flags.NONE);
    append(inbox, "c", Flags.NONE);
    FolderState state = inbox.open(false);
    Files.move(
        cur.resolve(TestMaildir.names(cur).getFirst()),
        cur.resolve(TestMaildir.names(cur).getFirst() + "F"));
    Transfer transfer = Transfer.move(inbox, state.uidValidity(), uids(1, 2), sent).orElseThrow();
    assertThat(transfer.target()).isEqualTo(uids(1, 2));
    assertThat(subjects(sent)).containsExactly("a", "b");
    assertThat(subjects(inbox)).containsExactly("c");
    assertThat(inbox.changes(state.uidValidity(), state.modSeq(), false).vanished())
        .isEqualTo(uids(1, 2));
    Transfer back = Transfer.move(sent, transfer.uidValidity(), uids(1), inbox).orElseThrow();
    assertThat(back.target()).isEqualTo(uids(4));
    account.restart();
    assertThat(subjects(account.inbox())).containsExactly("c", "a");
  }

  @Test
  void aMissingTargetIsToldOfBeforeAnythingIsWritten() throws Exception {
    account.maildir().create(TestMaildir.SENT);
    Folder sent = account.folder(TestMaildir.SENT);
    append(account.inbox(), "a", SEEN);
    account.maildir().delete(TestMaildir.SENT);
    long validity = account.inbox().open(false).uidValidity();
    assertThatThrownBy(() -> Transfer.move(account.inbox(), validity, uids(1), sent))
        .isInstanceOf(MaildirException.class);
    assertThat(subjects(account.inbox())).containsExactly("a");
  }

  @Test
  void linksAndUnreadableFilesArePassedOver() throws Exception {
    account.put("1.a:2,");
    Files.createSymbolicLink(cur.resolve("2.link:2,"), Path.of("/etc/passwd"));
    Files.createDirectory(cur.resolve("3.directory:2,"));
    Folder inbox = account.inbox();
    FolderState state = inbox.open(false);
    List<StoredMessage> messages = inbox.messages(state.uidValidity());
    assertThat(messages).hasSize(3);
    assertThat(inbox.open(state.uidValidity(), messages.get(1))).isEmpty();
    assertThat(inbox.open(state.uidValidity(), messages.get(2))).isEmpty();
    account.maildir().create(TestMaildir.SENT);
    Folder sent = account.folder(TestMaildir.SENT);
    assertThat(
            Transfer.copy(inbox, state.uidValidity(), uids(1, 2, 3), sent).orElseThrow().source())
        .isEqualTo(uids(1));
    assertThat(
            Transfer.move(inbox, state.uidValidity(), uids(1, 2, 3), sent).orElseThrow().source())
        .isEqualTo(uids(1));
    assertThat(subjects(sent)).containsExactly("1.a:2,", "1.a:2,");
  }

  @Test
  void twoFilesWithOneNameAreTwoMessages() throws Exception {
    account.put("1.a:2,S");
    account.put("1.a:2,");
    account.put("2.b:2,");
    Files.createLink(cur.resolve("2.b:2,S"), cur.resolve("2.b:2,"));
    Files.writeString(cur.resolve("3.c:2,"), TestMaildir.text("old"));
    account.deliver("3.c");
    assertThat(account.inbox().open(false).uids()).hasSize(5);
    assertThat(subjects(account.inbox())).contains("old", "3.c");
  }

  @Test
  void anotherProgramsUidsAreTakenOver() throws Exception {
    Folder inbox = account.inbox();
    append(inbox, "a", Flags.NONE);
    FolderState state = inbox.open(false);
    account.put("9.courier:2,");
    Files.writeString(
        account.root.resolve(UidList.FILE), list().replaceFirst(" 2\n", " 8\n") + "7 9.courier\n");
    FolderChanges changes = inbox.changes(state.uidValidity(), state.modSeq(), false);
    assertThat(changes.arrived()).isEqualTo(uids(7));
    assertThat(append(inbox, "b", Flags.NONE).uids()).containsExactly(8);
  }

  @Test
  void anotherProgramsNewNumberingClosesTheMailbox() throws Exception {
    Folder inbox = account.inbox();
    append(inbox, "a", Flags.NONE);
    FolderState state = inbox.open(false);
    Files.writeString(account.root.resolve(UidList.FILE), "1 5 1\n");
    account.deliver("1.new");
    assertThatThrownBy(() -> inbox.changes(state.uidValidity(), state.modSeq(), false))
        .isInstanceOfSatisfying(
            MaildirException.class,
            e -> assertThat(e.reason()).isEqualTo(MaildirException.Reason.CLOSED));
    assertThat(inbox.open(false).uidValidity()).isEqualTo(5);
    assertThat(inbox.open(false).uids()).containsExactly(1, 2);
  }

  @Test
  void oldScratchFilesGoYoungOnesStay() throws Exception {
    Path young = Files.createFile(account.root.resolve("tmp/young"));
    account.inbox().open(false);
    assertThat(young).exists();
  }

  @Test
  void inboxOfAnAccountHasNoMarkerOfAFolder() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    assertThat(TestMaildir.names(account.root))
        .containsExactly("courierimapkeywords", "courierimapuiddb", "cur", "new", "tmp");
    assertThat(account.maildir().mailboxes()).containsExactly(MailboxName.INBOX);
  }
}
