package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.subjects;
import static org.postrider.maildir.TestMaildir.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

class TrashTest {

  private static final MailboxName TRASH = new MailboxName("INBOX.Trash");
  private static final UidSet ALL = UidSet.ofRange(1, UidSet.MAX_UID);
  private static final Flags DELETED = Flags.of(SystemFlag.DELETED);

  @TempDir Path directory;

  private TestMaildir account;

  @BeforeEach
  void make() throws IOException {
    account = new TestMaildir(directory);
    use("Trash", "");
  }

  private void use(String folder, String lifetimes) {
    account.trash(TrashRules.parse(folder, true, true, lifetimes));
    account.restart();
  }

  private UidSet expunge(Deletions told) throws IOException, MaildirException {
    Folder inbox = account.inbox();
    return new Trash(account.maildir()).take(inbox, inbox.open(true).uidValidity(), ALL, told);
  }

  private static List<StoredMessage> messages(Folder folder) throws IOException, MaildirException {
    return folder.messages(folder.open(true).uidValidity());
  }

  @Test
  void whatIsExpungedIsInTrashWithAllButTwoFlags() throws Exception {
    append(account.inbox(), "kept", Flags.NONE);
    append(
        account.inbox(),
        "draft",
        Flags.of(SystemFlag.DELETED, SystemFlag.DRAFT, SystemFlag.SEEN)
            .plus(Flags.ofKeywords(List.of("Work"))));
    assertThat(expunge(Deletions.UNSEEN)).isEqualTo(uids(2));
    assertThat(subjects(account.inbox())).containsExactly("kept");
    Folder trash = account.folder(TRASH);
    assertThat(subjects(trash)).containsExactly("draft");
    StoredMessage there = messages(trash).getFirst();
    assertThat(there.flags())
        .isEqualTo(Flags.of(SystemFlag.SEEN).plus(Flags.ofKeywords(List.of("Work"))));
    assertThat(there.info()).isEqualTo(":2,S");
    assertThat(trash.date(trash.open(true).uidValidity(), there))
        .contains(Instant.ofEpochSecond(1_000_000_000));
  }

  @Test
  void withNothingToExpungeThereIsNoTrash() throws Exception {
    append(account.inbox(), "kept", Flags.NONE);
    assertThat(expunge(Deletions.UNSEEN).isEmpty()).isTrue();
    assertThat(account.maildir().has(TRASH)).isFalse();
  }

  @Test
  void eachFileIsToldWhereItWentAndThenThatItIsGone() throws Exception {
    Files.writeString(account.root.resolve("cur/1.x.h:2,DST"), "Subject: x\n\n");
    List<String> told = new ArrayList<>();
    expunge(
        new Deletions() {
          @Override
          public void removed(String name) {
            told.add(name + " is gone");
          }

          @Override
          public void moved(String name, String newName) {
            told.add(name + " is now " + newName);
          }
        });
    String now = TestMaildir.names(account.root.resolve(".Trash/cur")).getFirst();
    assertThat(now).endsWith(":2,S");
    assertThat(told).containsExactly("1.x.h:2,DST is now " + now, "1.x.h:2,DST is gone");
  }

  @Test
  void aTrashOfAnotherNameCountsForTheQuotaAndFillsItBeyondItsLimit() throws Exception {
    use("Bin", "");
    append(account.inbox(), "one", Flags.NONE);
    append(account.inbox(), "two", DELETED);
    account.maildir().limit(new QuotaLimits(0, 1));
    assertThat(account.maildir().quota().used().messages()).isEqualTo(1);
    assertThat(expunge(Deletions.UNSEEN)).isEqualTo(uids(2));
    assertThat(account.maildir().quota().used().messages()).isEqualTo(2);
    assertThat(QuotaCount.of(new Disk(), account.root).amount())
        .isEqualTo(account.maildir().quota().used());
  }

  @Test
  void trashCountsForNothing() throws Exception {
    append(account.inbox(), "one", Flags.NONE);
    append(account.inbox(), "two", DELETED);
    account.maildir().limit(new QuotaLimits(0, 1));
    expunge(Deletions.UNSEEN);
    assertThat(account.maildir().quota().used().messages()).isEqualTo(1);
  }

  @Test
  void theTrashOfTheSettingStaysAndAnotherMayGo() throws Exception {
    use("Deleted Items", "");
    MailboxName bin = new MailboxName("INBOX.Deleted Items");
    account.maildir().create(bin);
    account.maildir().create(TRASH);
    assertThatExceptionOfType(MaildirException.class)
        .isThrownBy(() -> account.maildir().delete(bin))
        .withMessageContaining("Deleted Items");
    assertThatExceptionOfType(MaildirException.class)
        .isThrownBy(() -> account.maildir().rename(bin, TestMaildir.SENT));
    account.maildir().delete(TRASH);
    assertThat(account.maildir().mailboxes()).containsExactly(MailboxName.INBOX, bin);
  }

  // --- Growing old ---

  private void sweep(Duration later) {
    Instant then = Instant.now().plus(later);
    try (Ageing ageing = new Ageing(changed -> {}, () -> then)) {
      ageing.begin(account.maildir());
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(ageing::isIdle);
    }
  }

  @Test
  void messagesGoWhenTheyWereThereForLongEnough() throws Exception {
    use("Trash", "Trash:7");
    account.maildir().create(TRASH);
    append(account.folder(TRASH), "old", Flags.NONE);
    append(account.inbox(), "other", Flags.NONE);
    sweep(Duration.ofDays(7).minusMinutes(5));
    assertThat(subjects(account.folder(TRASH))).containsExactly("old");
    sweep(Duration.ofDays(7).plusMinutes(5));
    assertThat(subjects(account.folder(TRASH))).isEmpty();
    assertThat(subjects(account.inbox())).containsExactly("other");
  }

  @Test
  void sessionsAreToldAndTheQuotaIsLessByWhatWent() throws Exception {
    use("Trash", "INBOX:1");
    append(account.inbox(), "old", Flags.NONE);
    account.maildir().limit(new QuotaLimits(0, 10));
    FolderState seen = account.inbox().open(false);
    sweep(Duration.ofDays(2));
    assertThat(account.inbox().changes(seen.uidValidity(), seen.modSeq(), false).vanished())
        .isEqualTo(uids(1));
    assertThat(account.maildir().quota().used().messages()).isZero();
  }

  @Test
  void whatWasJustDeliveredIsYoungWhateverItsDate() throws Exception {
    use("Trash", "INBOX:1");
    account.deliver("1000000000.old.h");
    sweep(Duration.ofDays(2));
    assertThat(subjects(account.inbox())).containsExactly("1000000000.old.h");
  }

  @Test
  void aMailboxInWhichNothingCanBeOldIsNotLookedAtAgain() throws Exception {
    use("Trash", "INBOX:7");
    append(account.inbox(), "young", Flags.NONE);
    Instant[] now = {Instant.now()};
    CountingDisk disk = new CountingDisk();
    account.restart(disk);
    try (Ageing ageing = new Ageing(changed -> {}, () -> now[0])) {
      int[] looks = new int[3];
      for (int i = 0; i < 3; i++) {
        now[0] = Instant.now().plus(Duration.ofDays(i == 2 ? 8 : i));
        disk.looks.set(0);
        ageing.begin(account.maildir());
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(ageing::isIdle);
        looks[i] = disk.looks.get();
      }
      assertThat(looks[0]).isPositive();
      assertThat(looks[1]).isZero();
      assertThat(looks[2]).isPositive();
    }
    assertThat(subjects(account.inbox())).isEmpty();
  }

  @Test
  void manyThousandsGoInOneRun() throws Exception {
    use("Trash", "INBOX:1");
    for (int i = 0; i < 3000; i++) {
      account.put(i + ".m.h:2,");
    }
    sweep(Duration.ofDays(2));
    assertThat(TestMaildir.names(account.root.resolve("cur"))).isEmpty();
  }

  @Test
  void aMailboxThatIsNotThereIsNoMistake() {
    use("Trash", "Trash:1,Nothing:2");
    sweep(Duration.ofDays(2));
    assertThat(account.root).isDirectory();
  }

  /** Counts how often the time of a file's last change is asked for. */
  private static final class CountingDisk extends Disk {
    private final AtomicInteger looks = new AtomicInteger();

    @Override
    java.nio.file.attribute.FileTime changed(Path file) throws IOException {
      looks.incrementAndGet();
      return super.changed(file);
    }
  }
}
