package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.names;
import static org.postrider.maildir.TestMaildir.subjects;
import static org.postrider.maildir.TestMaildir.text;
import static org.postrider.maildir.TestMaildir.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * Each use of a shared folder, ended at every call that changes something on disk, or failing
 * there: afterwards, in a new server, each message is there once, whole, with the number and the
 * flags that its subscriber gave it, and has one link.
 */
class SharedCrashTest {

  private static final MailboxName GOLF = new MailboxName("shared.firm.golf");

  @TempDir(factory = InMemory.class)
  Path directory;

  /** One thing that a server does; answers subjects that it promises to be there. */
  private interface Operation {
    List<String> run(TestMaildir account, Folder golf) throws IOException, MaildirException;
  }

  private static final TreeMap<String, Operation> OPERATIONS = new TreeMap<>();

  static {
    OPERATIONS.put(
        "append",
        (account, golf) -> {
          append(golf, "new", Flags.of(SystemFlag.SEEN).plus(Flags.ofKeywords(List.of("Work"))));
          return List.of("new");
        });
    OPERATIONS.put(
        "look at what others did",
        (account, golf) -> {
          Path cur = account.root.resolveSibling("pub/.golf/cur");
          Files.writeString(cur.resolve("3.c:2,"), text("3.c"));
          if (Files.exists(cur.resolve("1.a:2,"))) {
            Files.move(cur.resolve("1.a:2,"), cur.resolve("1.a:2,R"));
          }
          golf.open(false);
          return List.of("3.c");
        });
    OPERATIONS.put(
        "store",
        (account, golf) -> {
          golf.store(
              golf.open(false).uidValidity(),
              uids(2),
              flags -> flags.plus(Flags.ofKeywords(List.of("Work"))).plus(SystemFlag.SEEN));
          return List.of();
        });
    OPERATIONS.put(
        "expunge",
        (account, golf) -> {
          golf.expunge(golf.open(false).uidValidity(), Optional.empty());
          return List.of();
        });
    OPERATIONS.put(
        "move in",
        (account, golf) -> {
          Folder inbox = account.inbox();
          Transfer.move(inbox, inbox.open(false).uidValidity(), UidSet.ofRange(1, 9), golf);
          return List.of("mine");
        });
  }

  @TestFactory
  Stream<DynamicTest> nothingIsLostWhateverStops() {
    return OPERATIONS.entrySet().stream()
        .flatMap(
            operation ->
                Stream.of(FailingDisk.Fault.KILLED, FailingDisk.Fault.ERROR)
                    .map(
                        fault ->
                            DynamicTest.dynamicTest(
                                operation.getKey() + ", " + fault,
                                () -> everyCall(operation.getKey(), operation.getValue(), fault))));
  }

  private void everyCall(String name, Operation operation, FailingDisk.Fault fault)
      throws Exception {
    boolean hit = true;
    for (int call = 1; hit; call++) {
      String at = name + " " + fault + " at call " + call;
      Path place = Files.createDirectory(directory.resolve(fault + name.replace(' ', '_') + call));
      FailingDisk disk = new FailingDisk(fault);
      TestMaildir account = prepare(place, disk);
      Folder golf = golf(account);
      long validity = golf.open(false).uidValidity();
      disk.failAt(call);
      List<String> promised = List.of();
      try {
        promised = operation.run(account, golf);
      } catch (FailingDisk.Killed | IOException | MaildirException e) {
        assertThat(disk.hasFailed()).as(at + ": " + e).isTrue();
      }
      hit = disk.hasFailed();
      removeLocks(place);
      account.restart();
      assertSound(at, account, validity, promised);
    }
  }

  private static TestMaildir prepare(Path place, FailingDisk disk) throws Exception {
    Path cur = place.resolve("pub/.golf/cur");
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(cur.resolveSibling(part));
    }
    Files.writeString(cur.resolve("1.a:2,"), text("1.a"));
    Files.writeString(cur.resolve("2.doomed:2,"), text("2.doomed"));
    TestMaildir account = new TestMaildir(place, disk);
    Files.writeString(
        account.root.resolve("shared-maildirs"), "firm\t" + place.resolve("pub") + "\n");
    append(account.inbox(), "mine", Flags.NONE);
    Folder golf = golf(account);
    long validity = golf.open(false).uidValidity();
    golf.store(validity, uids(1), flags -> Flags.of(SystemFlag.FLAGGED));
    golf.store(validity, uids(2), flags -> Flags.of(SystemFlag.DELETED));
    return account;
  }

  private static Folder golf(TestMaildir account) throws IOException, MaildirException {
    return account.maildir().shared(account.root.resolve("none")).folder(GOLF);
  }

  /** Locks of a process that is no more are stale; here they would only take time. */
  private static void removeLocks(Path place) throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.walk(place)) {
      locks = files.filter(file -> file.endsWith(CourierLock.FILE)).toList();
    }
    for (Path lock : locks) {
      Files.delete(lock);
    }
  }

  private static void assertSound(
      String at, TestMaildir account, long validity, List<String> promised) throws Exception {
    Folder golf = golf(account);
    List<String> subjects = subjects(golf);
    assertThat(subjects).as(at).doesNotHaveDuplicates().contains("1.a").containsAll(promised);
    FolderState state = golf.open(false);
    assertThat(state.uidValidity()).as(at).isEqualTo(validity);
    StoredMessage first = golf.messages(validity).get(0);
    assertThat(first.uid()).as(at).isEqualTo(1);
    assertThat(first.flags()).as(at).isEqualTo(Flags.of(SystemFlag.FLAGGED));
    if (subjects.contains("2.doomed")) {
      assertThat(golf.messages(validity).get(1).uid()).as(at).isEqualTo(2);
    } else {
      assertThat(state.uids()).as(at).doesNotContain(2);
    }
    Path cur = account.root.resolveSibling("pub/.golf/cur");
    List<String> links = names(golf.directory().resolve("cur"));
    assertThat(links).as(at).hasSameSizeAs(names(cur));
    for (String link : links) {
      Path target = Files.readSymbolicLink(golf.directory().resolve("cur").resolve(link));
      assertThat(target).as(at).isRegularFile().hasParent(cur);
    }
    // A message on its way is in one of the two, or in both.
    assertThat(Stream.concat(subjects.stream(), subjects(account.inbox()).stream()))
        .as(at)
        .contains("mine");
  }
}
