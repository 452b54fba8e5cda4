package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postrider.maildir.TestMaildir.SENT;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.uids;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;

class QuotaTest {

  private static final QuotaLimits TEN = new QuotaLimits(10_000, 10);
  private static final MailboxName TRASH = new MailboxName("INBOX.Trash");
  private static final Flags DELETED = Flags.of(SystemFlag.DELETED);

  /** Octets of a message that {@link TestMaildir#append} makes with a subject of one letter. */
  private static final long OCTETS = TestMaildir.text("a").length();

  @TempDir Path directory;
  private TestMaildir account;

  @BeforeEach
  void makeAnAccount() throws IOException {
    account = new TestMaildir(directory);
  }

  private Path file() {
    return account.root.resolve(Maildirsize.FILE);
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file()).stream()
        .map(line -> line.strip().replaceAll(" +", " "))
        .toList();
  }

  private QuotaAmount used() throws IOException {
    return account.maildir().quota().used();
  }

  private static QuotaAmount mail(int messages) {
    return new QuotaAmount(messages * OCTETS, messages);
  }

  private static void isOverQuota(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MaildirException.class,
            e -> assertThat(e.reason()).isEqualTo(MaildirException.Reason.OVER_QUOTA))
        .hasMessageStartingWith("You exceeded your mail quota.");
  }

  @Test
  void withoutTheFileThereIsNoQuotaAndNoFileIsMade() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    account.maildir().obey(QuotaLimits.NONE);
    assertThat(account.maildir().quota()).isEqualTo(QuotaState.NONE);
    assertThat(file()).doesNotExist();
  }

  @Test
  void everyMessageThatComesIsALine() throws Exception {
    account.maildir().limit(TEN);
    append(account.inbox(), "a", Flags.NONE);
    append(account.inbox(), "b", DELETED);
    account.maildir().create(SENT);
    append(account.folder(SENT), "c", Flags.of(SystemFlag.SEEN));
    String line = OCTETS + " 1";
    assertThat(lines()).containsExactly("10000S,10C", "0 0", line, line);
    assertThat(Files.readString(file())).contains("\n%12d %12d\n".formatted(OCTETS, 1));
    assertThat(used()).isEqualTo(mail(2));
  }

  @Test
  void whatTheRulesLeaveOutIsNotCounted() throws Exception {
    account.maildir().create(SENT);
    account.maildir().create(TRASH);
    account.maildir().create(new MailboxName("INBOX.Trash.old"));
    append(account.inbox(), "a", Flags.NONE);
    append(account.inbox(), "b", DELETED);
    append(account.folder(SENT), "c", Flags.NONE);
    append(account.folder(TRASH), "d", Flags.NONE);
    append(account.folder(new MailboxName("INBOX.Trash.old")), "e", Flags.NONE);
    Files.writeString(account.root.resolve("cur/.hidden"), "x".repeat(500));
    Files.writeString(account.root.resolve("cur/1.told,S=1000:2,S"), "x");
    Files.writeString(account.root.resolve("new/2.untold"), "x".repeat(7));
    Files.writeString(account.root.resolve("cur/3.deleted,S=5:2,ST"), "x");
    Files.writeString(account.root.resolve("tmp/4.unfinished"), "x");
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/cur")).getParent();
    Files.writeString(elsewhere.resolve("cur/5.other"), "x".repeat(300));
    Files.createSymbolicLink(account.root.resolve(".link"), elsewhere);
    account.maildir().limit(TEN);
    assertThat(lines()).containsExactly("10000S,10C", (3 * OCTETS + 1007) + " 5");
  }

  @Test
  void theLimitItselfMayBeReachedAndNothingMore() throws Exception {
    account.maildir().limit(new QuotaLimits(2 * OCTETS, 0));
    append(account.inbox(), "a", Flags.NONE);
    account.inbox().receive(Flags.NONE, null, OCTETS).close();
    isOverQuota(() -> account.inbox().receive(Flags.NONE, null, OCTETS + 1));
    assertThat(used()).isEqualTo(mail(1));
    account.inbox().receive(DELETED, null, 1_000_000).close();
  }

  @Test
  void whatIsSentAtTheSameTimeFitsTogether() throws Exception {
    account.maildir().limit(new QuotaLimits(0, 2));
    append(account.inbox(), "a", Flags.NONE);
    try (Incoming first = account.inbox().receive(Flags.NONE, null, 10)) {
      isOverQuota(() -> account.inbox().receive(Flags.NONE, null, 10));
      first.write(
          ByteBuffer.wrap(
              "Subject: b\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      account.inbox().publish(List.of(first));
    }
    assertThat(used().messages()).isEqualTo(2);
  }

  @Test
  void aMessageThatTurnsOutTooLargeIsNotPublished() throws Exception {
    account.maildir().limit(new QuotaLimits(100, 0));
    try (Incoming message = account.inbox().receive(Flags.NONE, null, 10)) {
      message.write(ByteBuffer.wrap(new byte[200]));
      isOverQuota(() -> account.inbox().publish(List.of(message)));
    }
    assertThat(account.inbox().open(true).uids()).isEmpty();
    assertThat(used()).isEqualTo(QuotaAmount.NONE);
    assertThat(account.root.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void whatIsMarkedDeletedGivesRoomBack() throws Exception {
    account.maildir().limit(new QuotaLimits(0, 2));
    Folder inbox = account.inbox();
    append(inbox, "a", Flags.NONE);
    append(inbox, "b", Flags.NONE);
    long validity = inbox.open(false).uidValidity();
    inbox.store(validity, uids(1), flags -> flags.plus(SystemFlag.DELETED));
    assertThat(used()).isEqualTo(mail(1));
    inbox.store(validity, uids(1), flags -> flags.plus(SystemFlag.SEEN));
    assertThat(lines()).hasSize(5);
    append(inbox, "c", Flags.NONE);
    isOverQuota(() -> inbox.store(validity, uids(1), flags -> Flags.NONE));
    assertThat(inbox.messages(validity).getFirst().flags().has(SystemFlag.DELETED)).isTrue();
    inbox.expunge(validity, Optional.empty());
    assertThat(used()).isEqualTo(mail(2));
    assertThat(inbox.open(false).uids()).hasSize(2);
  }

  @Test
  void unmarkingAndMarkingInOneCommandIsOneSum() throws Exception {
    account.maildir().limit(TEN);
    Folder inbox = account.inbox();
    append(inbox, "a", DELETED);
    append(inbox, "b", Flags.NONE);
    append(inbox, "c", DELETED);
    long validity = inbox.open(false).uidValidity();
    inbox.store(
        validity, uids(1, 2, 3), flags -> flags.has(SystemFlag.DELETED) ? Flags.NONE : DELETED);
    assertThat(used()).isEqualTo(mail(2));
  }

  @Test
  void movingTakesNoMoreRoomAndTrashTakesNone() throws Exception {
    account.maildir().create(SENT);
    account.maildir().create(TRASH);
    append(account.inbox(), "a", Flags.NONE);
    append(account.inbox(), "b", Flags.NONE);
    account.maildir().limit(new QuotaLimits(0, 2));
    long inbox = account.inbox().open(false).uidValidity();
    Transfer.move(account.inbox(), inbox, uids(1, 2), account.folder(SENT));
    assertThat(used()).isEqualTo(mail(2));
    long sent = account.folder(SENT).open(false).uidValidity();
    isOverQuota(() -> Transfer.copy(account.folder(SENT), sent, uids(1), account.inbox()));
    Transfer.copy(account.folder(SENT), sent, uids(1), account.folder(TRASH));
    Transfer.move(account.folder(SENT), sent, uids(1), account.folder(TRASH));
    assertThat(used()).isEqualTo(mail(1));
    append(account.inbox(), "c", Flags.NONE);
    long trash = account.folder(TRASH).open(false).uidValidity();
    isOverQuota(() -> Transfer.move(account.folder(TRASH), trash, uids(1), account.inbox()));
    assertThat(account.folder(TRASH).open(false).uids()).hasSize(2);
    assertThat(used()).isEqualTo(mail(2));
  }

  @Test
  void aFolderThatGoesGivesItsRoomBack() throws Exception {
    account.maildir().create(SENT);
    append(account.folder(SENT), "a", Flags.NONE);
    append(account.folder(SENT), "b", DELETED);
    append(account.inbox(), "c", Flags.NONE);
    account.maildir().limit(TEN);
    account.maildir().delete(SENT);
    assertThat(lines()).containsExactly("10000S,10C", 2 * OCTETS + " 2", -OCTETS + " -1");
  }

  @Test
  void aFolderThatBecomesTrashIsNotCountedAnyMore() throws Exception {
    account.maildir().create(SENT);
    append(account.folder(SENT), "a", Flags.NONE);
    append(account.inbox(), "b", Flags.NONE);
    account.maildir().limit(TEN);
    account.maildir().rename(SENT, TRASH);
    assertThat(used()).isEqualTo(mail(1));
  }

  @Test
  void aFileOf5120OctetsIsMadeAnewFromWhatIsThere() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    Files.writeString(file(), "10000S,10C\n" + "%12d %12d\n".formatted(1, 0).repeat(196));
    assertThat(Files.size(file())).isLessThan(Maildirsize.MOST_OCTETS);
    assertThat(used()).isEqualTo(new QuotaAmount(196, 0));
    Files.writeString(file(), "%12d %12d\n".formatted(1, 0), StandardOpenOption.APPEND);
    assertThat(used()).isEqualTo(mail(1));
    assertThat(lines()).containsExactly("10000S,10C", OCTETS + " 1");
  }

  @Test
  void aSumBelowZeroIsCountedAnew() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    Files.writeString(file(), "10000S,10C\n0 -1\n");
    assertThat(used()).isEqualTo(mail(1));
  }

  @Test
  void whoSeemsOverQuotaIsCountedUnlessThatWasJustDone() throws Exception {
    Files.writeString(file(), "10000S,10C\n20000 2\n");
    isOverQuota(() -> account.inbox().receive(Flags.NONE, null, 10));
    assertThat(lines()).as("one line, and young").containsExactly("10000S,10C", "20000 2");
    Files.setLastModifiedTime(file(), FileTime.from(Instant.now().minus(Duration.ofMinutes(16))));
    account.inbox().receive(Flags.NONE, null, 10).close();
    assertThat(lines()).containsExactly("10000S,10C", "0 0");
    Files.writeString(file(), "10000S,10C\n19999 1\n1 1\n");
    account.inbox().receive(Flags.NONE, null, 10).close();
    assertThat(lines()).as("two lines").containsExactly("10000S,10C", "0 0");
  }

  @Test
  void theRecordsQuotaMakesTheFileWhereItIsAnother() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    account.maildir().obey(TEN);
    assertThat(lines()).containsExactly("10000S,10C", OCTETS + " 1");
    append(account.inbox(), "b", Flags.NONE);
    account.maildir().obey(QuotaLimits.parse("10C,10000S"));
    assertThat(lines()).as("the same limits").hasSize(3);
    account.maildir().obey(new QuotaLimits(0, 5));
    assertThat(lines()).containsExactly("5C", 2 * OCTETS + " 2");
    account.maildir().obey(QuotaLimits.NONE);
    assertThat(lines()).hasSize(2);
    account.maildir().limit(QuotaLimits.NONE);
    assertThat(file()).doesNotExist();
  }

  @Test
  void whatOthersWriteIsSeenAndWhatIsKnownIsNotReadAgain() throws Exception {
    int[] reads = new int[1];
    account.restart(
        new Disk() {
          @Override
          byte[] readBeginning(Path file, long mostOctets) throws IOException {
            reads[0] += file.endsWith(Maildirsize.FILE) ? 1 : 0;
            return super.readBeginning(file, mostOctets);
          }
        });
    Files.writeString(file(), "10000S,10C\n5 1\n");
    for (int i = 0; i < 5; i++) {
      assertThat(used()).isEqualTo(new QuotaAmount(5, 1));
    }
    assertThat(reads[0]).isEqualTo(1);
    Files.writeString(file(), "7 1\n", StandardOpenOption.APPEND);
    assertThat(used()).isEqualTo(new QuotaAmount(12, 2));
  }

  @Test
  void withoutAQuotaAnOperationAsksOnceForTheFile() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    int[] asked = new int[1];
    account.restart(
        new Disk() {
          @Override
          BasicFileAttributes stat(Path file) throws IOException {
            asked[0] += file.endsWith(Maildirsize.FILE) ? 1 : 0;
            return super.stat(file);
          }
        });
    long validity = account.inbox().open(false).uidValidity();
    account.inbox().store(validity, uids(1), flags -> Flags.of(SystemFlag.SEEN));
    assertThat(asked[0]).isZero();
    account.inbox().expunge(validity, Optional.empty());
    assertThat(asked[0]).isEqualTo(1);
  }

  @Test
  void aMaildirThatIsAFolderHasTheQuotaOfTheOneAbove() throws Exception {
    account.maildir().create(SENT);
    account.maildir().limit(TEN);
    Maildir folder = new Maildir(new Folders(QuotaWarning.NONE), account.root.resolve(".Sent"));
    append(folder.folder(MailboxName.INBOX), "a", Flags.NONE);
    assertThat(lines()).containsExactly("10000S,10C", "0 0", OCTETS + " 1");
    assertThat(account.root.resolve(".Sent").resolve(Maildirsize.FILE)).doesNotExist();
  }

  @Test
  void whatIsNoFileIsNoQuota() throws Exception {
    Files.createDirectory(file());
    append(account.inbox(), "a", Flags.NONE);
    assertThat(account.maildir().quota()).isEqualTo(QuotaState.NONE);
  }

  @Test
  void manyAtOnceAreAllCounted() throws Exception {
    account.maildir().create(SENT);
    account.maildir().limit(new QuotaLimits(0, 1000));
    long validity = account.inbox().open(false).uidValidity();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> all =
          IntStream.range(0, 60)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            append(
                                i % 2 == 0 ? account.inbox() : account.folder(SENT),
                                "a",
                                Flags.NONE);
                            if (i % 10 == 5) {
                              account.maildir().limit(new QuotaLimits(0, 1000 + i));
                            }
                            if (i % 7 == 3) {
                              account.inbox().store(validity, uids(i / 7 + 1), f -> DELETED);
                            }
                            return i;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    QuotaAmount there = QuotaCount.of(new Disk(), account.root).amount();
    assertThat(used().messages()).isGreaterThanOrEqualTo(there.messages());
    account.maildir().limit(TEN);
    assertThat(used()).isEqualTo(there);
  }

  @Test
  void aProgramThatMakesTheFileAnewTakesNoLineWithIt() throws Exception {
    account.maildir().limit(TEN);
    account.restart(
        new Disk() {
          @Override
          void link(Path existing, Path link) throws IOException {
            Path made = Files.writeString(account.root.resolve("tmp/quota"), "10000S,10C\n0 0\n");
            Files.move(made, file(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            super.link(existing, link);
          }
        });
    append(account.inbox(), "a", Flags.NONE);
    assertThat(used()).isEqualTo(mail(1));
  }
}
