package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/** Many at once, in this server, in a second one, and by other programs. */
class FolderStressTest {

  @TempDir Path directory;

  private static void runAll(List<Callable<Void>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = new ArrayList<>();
      for (Callable<Void> task : tasks) {
        running.add(threads.submit(task));
      }
      for (Future<Void> task : running) {
        task.get();
      }
    }
  }

  @Test
  void nothingIsLostAndNoUidIsGivenTwice() throws Exception {
    TestMaildir one = new TestMaildir(directory);
    TestMaildir two = new TestMaildir(directory);
    Set<Long> given = ConcurrentHashMap.newKeySet();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int writer = 0; writer < 5; writer++) {
      TestMaildir server = writer % 2 == 0 ? one : two;
      String name = "w" + writer + "-";
      tasks.add(
          () -> {
            for (int i = 0; i < 20; i++) {
              long uid = TestMaildir.append(server.inbox(), name + i, Flags.NONE).uids()[0];
              assertThat(given.add(uid)).as("UID %d is given once", uid).isTrue();
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          for (int i = 0; i < 60; i++) {
            one.deliver(i + ".delivered");
          }
          return null;
        });
    tasks.add(
        () -> {
          FolderState state = one.inbox().open(false);
          long since = state.modSeq();
          Set<Long> known = new HashSet<>();
          for (long uid : state.uids()) {
            known.add(uid);
          }
          while (known.size() < 160) {
            FolderChanges changes = one.inbox().changes(state.uidValidity(), since, false);
            since = changes.modSeq();
            assertThat(changes.vanished().isEmpty()).isTrue();
            changes
                .arrived()
                .forEach(uid -> assertThat(known.add(uid)).as("UID %d is told once", uid).isTrue());
          }
          return null;
        });
    runAll(tasks);
    List<String> subjects = TestMaildir.subjects(one.inbox());
    assertThat(subjects).hasSize(160).doesNotHaveDuplicates();
    assertThat(TestMaildir.subjects(two.inbox())).isEqualTo(subjects);
    assertThat(two.inbox().open(true).uids()).isEqualTo(one.inbox().open(true).uids());
    one.restart();
    assertThat(TestMaildir.subjects(one.inbox())).isEqualTo(subjects);
  }

  @Test
  void noChangeOfFlagsIsLost() throws Exception {
    TestMaildir account = new TestMaildir(directory);
    for (int i = 0; i < 30; i++) {
      TestMaildir.append(account.inbox(), "m" + i, Flags.NONE);
    }
    long validity = account.inbox().open(false).uidValidity();
    SystemFlag[] flags = {
      SystemFlag.SEEN, SystemFlag.ANSWERED, SystemFlag.FLAGGED, SystemFlag.DRAFT, SystemFlag.DELETED
    };
    List<Callable<Void>> tasks = new ArrayList<>();
    for (SystemFlag flag : flags) {
      tasks.add(
          () -> {
            for (int uid = 1; uid <= 30; uid++) {
              account.inbox().store(validity, UidSet.of(uid), before -> before.plus(flag));
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          for (int uid = 1; uid <= 30; uid++) {
            Flags keyword = Flags.ofKeywords(List.of("Word"));
            account.inbox().store(validity, UidSet.of(uid), before -> before.plus(keyword));
          }
          return null;
        });
    runAll(tasks);
    account.restart();
    Flags all = Flags.of(flags).plus(Flags.ofKeywords(List.of("Word")));
    assertThat(account.inbox().messages(validity))
        .extracting(StoredMessage::flags)
        .hasSize(30)
        .containsOnly(all);
  }

  @Test
  void messagesThatAreMovedToAndFroAreNeverLost() throws Exception {
    TestMaildir account = new TestMaildir(directory);
    MailboxName other = new MailboxName("INBOX.other");
    account.maildir().create(other);
    for (int i = 0; i < 20; i++) {
      TestMaildir.append(account.inbox(), "m" + i, Flags.NONE);
    }
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int mover = 0; mover < 4; mover++) {
      MailboxName from = mover % 2 == 0 ? MailboxName.INBOX : other;
      MailboxName to = mover % 2 == 0 ? other : MailboxName.INBOX;
      tasks.add(
          () -> {
            for (int i = 0; i < 15; i++) {
              FolderState state = account.folder(from).open(false);
              if (state.uids().length > 0) {
                UidSet first = UidSet.of(state.uids()[i % state.uids().length]);
                Transfer.move(account.folder(from), state.uidValidity(), first, account.folder(to));
              }
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          for (int i = 0; i < 60; i++) {
            renameOne(account.root.resolve("cur"));
          }
          return null;
        });
    runAll(tasks);
    account.restart();
    Set<String> subjects = new HashSet<>(TestMaildir.subjects(account.inbox()));
    subjects.addAll(TestMaildir.subjects(account.folder(other)));
    assertThat(subjects).hasSize(20);
  }

  /** What another mail program does when a message is read. */
  private static void renameOne(Path cur) throws Exception {
    List<String> names = TestMaildir.names(cur);
    if (names.isEmpty()) {
      return;
    }
    String name = names.get(names.size() / 2);
    String base = name.substring(0, name.lastIndexOf(':'));
    try {
      Files.move(cur.resolve(name), cur.resolve(base + (name.endsWith("S") ? ":2," : ":2,S")));
    } catch (NoSuchFileException e) {
      // moved meanwhile
    }
  }

  @Test
  void foldersThatComeAndGoKeepTheirNeighboursWhole() throws Exception {
    TestMaildir account = new TestMaildir(directory);
    List<Callable<Void>> tasks = new ArrayList<>();
    Set<Long> validities = ConcurrentHashMap.newKeySet();
    for (int thread = 0; thread < 4; thread++) {
      tasks.add(
          () -> {
            MailboxName name = new MailboxName("INBOX.storm");
            for (int i = 0; i < 15; i++) {
              try {
                account.maildir().create(name);
                validities.add(account.folder(name).open(false).uidValidity());
                TestMaildir.append(account.folder(name), "x", Flags.NONE);
                account.maildir().rename(name, new MailboxName("INBOX.storm2"));
                account.maildir().delete(new MailboxName("INBOX.storm2"));
              } catch (MaildirException e) {
                // another was quicker
              }
            }
            return null;
          });
    }
    tasks.add(
        () -> {
          for (int i = 0; i < 20; i++) {
            TestMaildir.append(account.inbox(), "m" + i, Flags.NONE);
            account.maildir().mailboxes();
          }
          return null;
        });
    runAll(tasks);
    assertThat(TestMaildir.subjects(account.inbox())).hasSize(20);
    assertThat(
            account
                .inbox()
                .expunge(account.inbox().open(false).uidValidity(), Optional.empty())
                .isEmpty())
        .isTrue();
    assertThat(account.root.resolve("tmp")).isEmptyDirectory();
  }
}
