package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.postrider.maildir.AccountContents.Box;
import org.postrider.maildir.AccountContents.Message;
import org.postrider.maildir.FailingDisk.Fault;

/**
 * An account on a disk that fails. Each operation is also done on a copy of the account on a disk
 * that does not, which tells what is to be there afterwards: where it failed, what was there before
 * or what would be there now, message by message, with no UID that ever meant something else.
 */
final class FaultCheck {

  private static final Set<String> KNOWN_FILES =
      Set.of(
          "tmp",
          "new",
          "cur",
          "maildirfolder",
          UidList.FILE,
          Keywords.DIRECTORY,
          AccessFiles.FILE,
          AccessFiles.HIERARCHY,
          Subscriptions.FILE,
          Maildirsize.FILE,
          UidValidities.FILE);

  private final Path directory;
  private final Fault fault;
  private final Map<String, String> meanings = new HashMap<>();
  private FailingDisk disk;
  private TestMaildir account;
  private AccountContents now;
  private int step;

  /**
   * @param template an account's directory, which is copied
   * @param directory a new one
   */
  FaultCheck(Path template, Path directory, Fault fault) throws IOException, MaildirException {
    this.directory = directory;
    this.fault = fault;
    AccountContents.copy(template, directory);
    restart();
    now = AccountContents.of(account);
    remember("the beginning", now);
    if (fault == Fault.KILLED) {
      restart();
    }
  }

  private void restart() throws IOException {
    disk = new FailingDisk(fault);
    account = new TestMaildir(directory, disk);
  }

  /**
   * Does an operation, and fails at a call of it.
   *
   * @param call from 1; 0: nothing fails
   * @return false where it did not come to that call
   */
  boolean run(StoreOperation operation, int call) throws Exception {
    String subject = "m" + step++ + "-";
    operation.prepare(account, subject);
    return run(operation, call, subject, outcome(operation, subject));
  }

  /** What there is after an operation that nothing disturbs. */
  private Outcome outcome(StoreOperation operation, String subject)
      throws IOException, MaildirException {
    Path twin = directory.resolveSibling(directory.getFileName() + "-twin" + step);
    AccountContents.copy(directory, twin);
    TestMaildir sound = new TestMaildir(twin);
    boolean refused = false;
    try {
      operation.run(sound, now, subject);
    } catch (MaildirException e) {
      refused = true;
    }
    AccountContents after = AccountContents.of(sound);
    AccountContents.remove(twin);
    return new Outcome(after, refused);
  }

  /**
   * What an undisturbed operation leaves.
   *
   * @param refused true where it is not done for a good reason
   */
  record Outcome(AccountContents contents, boolean refused) {}

  /** Does the first operation, as {@link #run(StoreOperation, int)}, whose outcome is known. */
  boolean run(StoreOperation operation, int call, Outcome outcome) throws Exception {
    String subject = "m" + step++ + "-";
    operation.prepare(account, subject);
    return run(operation, call, subject, outcome);
  }

  /** The outcome of the first operation. */
  Outcome outcome(StoreOperation operation) throws IOException, MaildirException {
    String subject = "m" + step++ + "-";
    operation.prepare(account, subject);
    return outcome(operation, subject);
  }

  private boolean run(StoreOperation operation, int call, String subject, Outcome outcome)
      throws Exception {
    AccountContents after = outcome.contents();
    disk.failAt(call);
    boolean done = false;
    boolean killed = false;
    List<String> promised = List.of();
    String said = "done";
    try {
      promised = operation.run(account, now, subject);
      done = true;
    } catch (FailingDisk.Killed e) {
      killed = true;
      said = "killed";
    } catch (IOException | MaildirException e) {
      said = e.toString();
    }
    boolean failed = disk.hasFailed();
    int from = Math.max(0, call - 4);
    List<String> near =
        List.copyOf(
            disk.trace.subList(
                Math.min(from, disk.trace.size()), Math.min(call + 4, disk.trace.size())));
    String at =
        operation
            + (failed
                ? ", " + fault + " at call " + call + " of " + disk.trace.size() + ", " + near
                : "")
            + ", "
            + said;
    disk.failAt(0);
    assertThat(killed ? 0 : disk.open()).as(at + ": open files").isZero();
    if (killed) {
      endProcess();
      restart();
    }
    AccountContents actual = AccountContents.of(account);
    assertThat(done && outcome.refused()).as(at + ": is refused").isFalse();
    assertBetween(at, operation, after, actual, done);
    remember(at, actual);
    for (String promise : promised) {
      int slash = promise.lastIndexOf('/');
      assertThat(meanings.get(promise.substring(0, slash)))
          .as(at + ": promised " + promise)
          .isEqualTo(promise.substring(slash + 1));
    }
    assertThat(AccountContents.of(new TestMaildir(directory)))
        .as(at + ": on disk")
        .isEqualTo(actual);
    assertCounted(at);
    assertNoStrangeFiles(at);
    now = actual;
    return failed;
  }

  /** Each UID, under its UIDVALIDITY, means the message that it always meant. */
  private void remember(String at, AccountContents contents) {
    contents
        .boxes()
        .forEach(
            (name, box) ->
                box.messages()
                    .forEach(
                        (uid, message) -> {
                          String key = name + "/" + box.validity() + "/" + uid;
                          String before = meanings.put(key, message.subject());
                          assertThat(before == null ? message.subject() : before)
                              .as(at + ": " + key)
                              .isEqualTo(message.subject());
                        }));
  }

  private void assertBetween(
      String at,
      StoreOperation operation,
      AccountContents after,
      AccountContents actual,
      boolean done) {
    AccountContents before = done ? after : now;
    assertThat(actual.boxes().keySet())
        .as(at + ": mailboxes")
        .isSubsetOf(union(before.boxes().keySet(), after.boxes().keySet()))
        .containsAll(both(before.boxes().keySet(), after.boxes().keySet()));
    assertCounts(at + ": messages", before.counts(), after.counts(), actual.counts(), operation);
    assertCounts(at + ": subjects", before.totals(), after.totals(), actual.totals(), operation);
    actual
        .boxes()
        .forEach(
            (name, box) ->
                assertBox(at + ": " + name, now.boxes().get(name), after.boxes().get(name), box));
    assertThat(actual.subscriptions())
        .as(at + ": subscriptions")
        .isIn(before.subscriptions(), after.subscriptions());
    assertThat(actual.limits()).as(at + ": limits").isIn(before.limits(), after.limits());
    actual
        .access()
        .forEach(
            (name, list) ->
                assertThat(list)
                    .as(at + ": rights for " + name)
                    .isIn(
                        before.access().getOrDefault(name, after.access().get(name)),
                        after.access().getOrDefault(name, before.access().get(name))));
  }

  private void assertCounts(
      String at,
      Map<String, Integer> before,
      Map<String, Integer> after,
      Map<String, Integer> actual,
      StoreOperation operation) {
    Set<String> sides = new HashSet<>();
    for (String key : union(union(before.keySet(), after.keySet()), actual.keySet())) {
      int old = before.getOrDefault(key, 0);
      int next = after.getOrDefault(key, 0);
      int is = actual.getOrDefault(key, 0);
      assertThat(is).as(at + ": " + key).isIn(old, next);
      if (old != next) {
        sides.add(is == old ? "before" : "after");
      }
    }
    if (operation.kind().isAllOrNothing()) {
      assertThat(sides).as(at + ": all or nothing").hasSizeLessThan(2);
    }
  }

  /** Messages that stay where they are keep their UIDs; flags are the old or the new ones. */
  private static void assertBox(String at, Box before, Box after, Box actual) {
    if (before != null && after != null && before.validity() == after.validity()) {
      assertThat(actual.validity()).as(at + ": UIDVALIDITY").isEqualTo(after.validity());
      for (long uid : both(before.messages().keySet(), after.messages().keySet())) {
        Message old = before.messages().get(uid);
        Message next = after.messages().get(uid);
        Message is = actual.messages().get(uid);
        assertThat(is).as(at + ": " + uid + ", " + old).isNotNull();
        assertThat(is.subject()).as(at + ": " + uid).isEqualTo(next.subject());
        assertThat(is.flags()).as(at + ": " + uid).isIn(old.flags(), next.flags());
        assertThat(is.keywords()).as(at + ": " + uid).isIn(old.keywords(), next.keywords());
      }
    }
    if (after != null) {
      // What came has the flags that it came with.
      SortedMap<String, List<Message>> came = new TreeMap<>();
      after
          .messages()
          .values()
          .forEach(m -> came.computeIfAbsent(m.subject(), s -> new ArrayList<>()).add(m));
      actual
          .messages()
          .forEach(
              (uid, message) -> {
                boolean known = before != null && before.messages().containsKey(uid);
                if (!known && came.containsKey(message.subject())) {
                  assertThat(message).as(at + ": " + uid).isIn(came.get(message.subject()));
                }
              });
    }
  }

  private static <T extends Comparable<T>> Set<T> union(Set<T> one, Set<T> other) {
    Set<T> union = new TreeSet<>(one);
    union.addAll(other);
    return union;
  }

  private static <T extends Comparable<T>> Set<T> both(Set<T> one, Set<T> other) {
    Set<T> both = new TreeSet<>(one);
    both.retainAll(other);
    return both;
  }

  /** Too much may be counted after a crash, never too little. */
  private void assertCounted(String at) throws Exception {
    QuotaState state = account.maildir().quota();
    if (!state.limits().isNone()) {
      QuotaAmount there = QuotaCount.of(new Disk(), account.root).amount();
      assertThat(state.used().octets()).as(at + ": octets").isGreaterThanOrEqualTo(there.octets());
      assertThat(state.used().messages())
          .as(at + ": messages counted")
          .isGreaterThanOrEqualTo(there.messages());
    }
  }

  private void assertNoStrangeFiles(String at) throws IOException {
    List<Path> places = new ArrayList<>(List.of(account.root));
    for (String name : TestMaildir.names(account.root)) {
      if (name.startsWith(".")) {
        places.add(account.root.resolve(name));
      } else {
        assertThat(name).as(at).isIn(KNOWN_FILES);
      }
    }
    for (Path folder : places.subList(1, places.size())) {
      assertThat(TestMaildir.names(folder)).as(at).isSubsetOf(KNOWN_FILES);
    }
  }

  /**
   * Locks of a process that is no more are stale, which CourierLockTest shows; here they would only
   * take time.
   */
  private void endProcess() throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.walk(account.root)) {
      locks = files.filter(file -> file.endsWith(CourierLock.FILE)).toList();
    }
    for (Path lock : locks) {
      Files.delete(lock);
    }
  }

  /** Removes the account. */
  void end() throws IOException {
    AccountContents.remove(directory);
  }
}
