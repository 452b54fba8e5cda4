package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/** How often the medium is waited for. */
class SharedSyncsTest {

  private static final MailboxName OTHER = new MailboxName("INBOX.other");

  @TempDir Path directory;

  /** Counts syncs, and does none. */
  private static final class CountingDisk extends Disk {
    final AtomicInteger files = new AtomicInteger();
    final AtomicInteger directories = new AtomicInteger();
    final AtomicInteger fileSystems = new AtomicInteger();

    CountingDisk(SyncPolicy policy) {
      super(policy);
    }

    @Override
    void forceMedium(FileChannel file) {
      files.incrementAndGet();
    }

    @Override
    void forceMedium(Path name) {
      directories.incrementAndGet();
    }

    @Override
    void syncMedium(Path onIt) {
      fileSystems.incrementAndGet();
    }

    int take() {
      return files.getAndSet(0) + directories.getAndSet(0) + fileSystems.getAndSet(0);
    }
  }

  private TestMaildir account(CountingDisk disk) throws IOException, MaildirException {
    TestMaildir account = new TestMaildir(directory, disk);
    account.maildir().create(OTHER);
    account.inbox().open(false);
    disk.take();
    return account;
  }

  @Test
  void oneMessageCostsItsFileItsDirectoryAndTheListOfUids() throws Exception {
    CountingDisk disk = new CountingDisk(SyncPolicy.FULL);
    TestMaildir account = account(disk);
    TestMaildir.append(account.inbox(), "one", Flags.NONE);
    assertThat(disk.files).hasValue(2);
    assertThat(disk.directories).hasValue(2);
    assertThat(disk.fileSystems).hasValue(0);
  }

  @Test
  void twentyWhoWaitForAFolderShareTheSyncsOfOne() throws Exception {
    CountingDisk disk = new CountingDisk(SyncPolicy.FULL);
    TestMaildir account = account(disk);
    Folder inbox = account.inbox();
    Set<Long> uids = new HashSet<>();
    inbox.lock().lock();
    boolean held = true;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Published>> running = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String subject = "m" + i;
        running.add(clients.submit(() -> TestMaildir.append(inbox, subject, Flags.NONE)));
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> inbox.lock().getQueueLength() == running.size());
      assertThat(disk.files.get() + disk.fileSystems.get()).isLessThanOrEqualTo(20);
      disk.take();
      inbox.lock().unlock();
      held = false;
      for (Future<Published> one : running) {
        uids.add(one.get().uids()[0]);
      }
    } finally {
      if (held) {
        inbox.lock().unlock();
      }
    }
    assertThat(uids).hasSize(20);
    assertThat(disk.files.get() + disk.directories.get()).isEqualTo(3);
    assertThat(TestMaildir.subjects(inbox)).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void manyCopiesAndMovesCostAFewSyncs() throws Exception {
    CountingDisk disk = new CountingDisk(SyncPolicy.FULL);
    TestMaildir account = account(disk);
    for (int i = 0; i < 50; i++) {
      TestMaildir.append(account.inbox(), "m" + i, Flags.NONE);
    }
    long validity = account.inbox().open(false).uidValidity();
    disk.take();
    Transfer.copy(account.inbox(), validity, UidSet.ofRange(1, 50), account.folder(OTHER));
    assertThat(disk.take()).as("COPY").isLessThanOrEqualTo(6);
    Transfer.move(account.inbox(), validity, UidSet.ofRange(1, 50), account.folder(OTHER));
    assertThat(disk.take()).as("MOVE").isLessThanOrEqualTo(4);
    assertThat(TestMaildir.subjects(account.folder(OTHER))).hasSize(100);
    assertThat(TestMaildir.subjects(account.inbox())).isEmpty();
  }

  @Test
  void likeCourierNothingIsWaitedFor() throws Exception {
    CountingDisk disk = new CountingDisk(SyncPolicy.COURIER);
    TestMaildir account = account(disk);
    TestMaildir.append(account.inbox(), "one", Flags.NONE);
    account.maildir().delete(OTHER);
    assertThat(disk.take()).isZero();
  }

  @Test
  void whereEverythingIsWaitedForFlagsAreToo() throws Exception {
    for (SyncPolicy policy : List.of(SyncPolicy.FULL, SyncPolicy.EVERYTHING)) {
      CountingDisk disk = new CountingDisk(policy);
      TestMaildir account = new TestMaildir(directory, disk);
      TestMaildir.append(account.inbox(), "one", Flags.NONE);
      long validity = account.inbox().open(false).uidValidity();
      disk.take();
      account.inbox().store(validity, UidSet.of(1), before -> Flags.of(SystemFlag.FLAGGED));
      account.maildir().subscribe(MailboxName.INBOX);
      account.maildir().unsubscribe(MailboxName.INBOX);
      assertThat(disk.take() > 0).as("%s", policy).isEqualTo(policy == SyncPolicy.EVERYTHING);
      account.inbox().store(validity, UidSet.of(1), before -> Flags.NONE);
    }
  }
}
