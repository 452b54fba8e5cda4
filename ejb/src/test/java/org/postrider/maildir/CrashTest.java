package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postrider.maildir.TestMaildir.SENT;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.subjects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * What is counted of an account's mail, where an operation ends or fails at any call that changes
 * something on disk: afterwards, in a new server, the quota counts no less than is there, and every
 * message that was there is there once. {@link FaultsTest} looks at all else.
 */
class CrashTest {

  @TempDir(factory = InMemory.class)
  Path directory;

  /** One thing that a server does. */
  private interface Operation {
    /**
     * Answers the subjects of messages it promises to be there, each as {@code folder/subject/uid}.
     */
    List<String> run(TestMaildir account) throws IOException, MaildirException;
  }

  private static final Map<String, Operation> OPERATIONS = new HashMap<>();

  static {
    OPERATIONS.put("expunge into Trash", CrashTest::expungeIntoTrash);
    OPERATIONS.put("undelete", CrashTest::undelete);
    OPERATIONS.put("move to trash", CrashTest::moveToTrash);
    OPERATIONS.put("limit", CrashTest::limit);
    OPERATIONS.put("append when all is to be counted", CrashTest::appendAndCount);
  }

  private static List<String> appendOne(TestMaildir account) throws IOException, MaildirException {
    Flags flags = Flags.of(SystemFlag.SEEN).plus(Flags.ofKeywords(List.of("Work")));
    return List.of("INBOX/appended/" + append(account.inbox(), "appended", flags).uids()[0]);
  }

  private static List<String> expungeIntoTrash(TestMaildir account)
      throws IOException, MaildirException {
    Folder inbox = account.inbox();
    long validity = inbox.open(false).uidValidity();
    inbox.store(validity, UidSet.ofRange(1, 2), flags -> flags.plus(SystemFlag.DELETED));
    new Trash(account.maildir())
        .take(inbox, validity, UidSet.ofRange(1, UidSet.MAX_UID), Deletions.UNSEEN);
    long[] uids = account.folder(new MailboxName("INBOX.Trash")).open(true).uids();
    return List.of("INBOX.Trash/old1/" + uids[0], "INBOX.Trash/old2/" + uids[1]);
  }

  private static List<String> undelete(TestMaildir account) throws IOException, MaildirException {
    Folder inbox = account.inbox();
    inbox.store(
        inbox.open(false).uidValidity(),
        UidSet.ofRange(1, 3),
        flags -> flags.has(SystemFlag.DELETED) ? Flags.NONE : Flags.of(SystemFlag.DELETED));
    return List.of();
  }

  private static List<String> moveToTrash(TestMaildir account)
      throws IOException, MaildirException {
    var trash = new MailboxName("INBOX.Trash");
    account.maildir().create(trash);
    Folder inbox = account.inbox();
    long validity = inbox.open(false).uidValidity();
    Transfer.move(inbox, validity, UidSet.ofRange(1, 2), account.folder(trash));
    Folder from = account.folder(trash);
    FolderState moved = from.open(false);
    UidSet first = UidSet.ofRange(moved.uids()[0], moved.uids()[0]);
    Transfer done = Transfer.move(from, moved.uidValidity(), first, inbox).orElseThrow();
    return List.of("INBOX/old1/" + done.target().first(0));
  }

  private static List<String> limit(TestMaildir account) throws IOException {
    account.maildir().obey(new QuotaLimits(0, 500));
    return List.of();
  }

  private static List<String> appendAndCount(TestMaildir account)
      throws IOException, MaildirException {
    Files.writeString(account.root.resolve(Maildirsize.FILE), "1000C\n" + " 1 1\n".repeat(1100));
    return appendOne(account);
  }

  @TestFactory
  Stream<DynamicTest> killedAtAnyCall() {
    return tests(FailingDisk.Fault.KILLED);
  }

  @TestFactory
  Stream<DynamicTest> anErrorAtAnyCall() {
    return tests(FailingDisk.Fault.ERROR);
  }

  @TestFactory
  Stream<DynamicTest> fullFromAnyCallOn() {
    return tests(FailingDisk.Fault.FULL);
  }

  private Stream<DynamicTest> tests(FailingDisk.Fault fault) {
    return OPERATIONS.keySet().stream()
        .sorted()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name, () -> failAtEveryCall(name, OPERATIONS.get(name), fault)));
  }

  private void failAtEveryCall(String name, Operation operation, FailingDisk.Fault fault)
      throws Exception {
    boolean failed = true;
    for (int call = 1; failed; call++) {
      Path parent =
          Files.createDirectories(directory.resolve(fault + name.replace(' ', '_') + call));
      TestMaildir account = new TestMaildir(parent, new FailingDisk(fault));
      prepare(account);
      Map<String, List<String>> before = contents(account);
      FailingDisk disk = new FailingDisk(fault);
      account.restart(disk);
      disk.failAt(call);
      List<String> promised = List.of();
      try {
        promised = operation.run(account);
      } catch (FailingDisk.Killed | IOException | MaildirException e) {
        // not acknowledged
      }
      failed = disk.hasFailed();
      String at = name + ", " + fault + " at call " + call + " of " + disk.trace;
      if (fault != FailingDisk.Fault.KILLED) {
        disk.failAt(0);
        assertSound(at + ", the same server", account, before, promised);
      }
      if (fault == FailingDisk.Fault.KILLED) {
        endProcess(account);
      }
      account.restart(new FailingDisk(fault));
      assertSound(at, account, before, promised);
    }
  }

  /**
   * Locks of a process that is no more are stale, which CourierLockTest shows; here they would only
   * take time.
   */
  private static void endProcess(TestMaildir account) throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.walk(account.root)) {
      locks = files.filter(file -> file.endsWith(CourierLock.FILE)).toList();
    }
    for (Path lock : locks) {
      Files.delete(lock);
    }
  }

  private static void prepare(TestMaildir account) throws Exception {
    account.maildir().create(SENT);
    append(account.folder(SENT), "sent", Flags.NONE);
    append(account.inbox(), "old1", Flags.NONE);
    append(account.inbox(), "old2", Flags.of(SystemFlag.SEEN));
    append(account.inbox(), "doomed", Flags.of(SystemFlag.DELETED));
    account.deliver("1.new1");
    account.deliver("2.new2");
    account.maildir().limit(new QuotaLimits(1_000_000, 1_000));
  }

  /** Too much may be counted after a crash, never too little; and counting mends it. */
  private static void assertCounted(String at, TestMaildir account) throws Exception {
    QuotaAmount counted = account.maildir().quota().used();
    QuotaAmount there = QuotaCount.of(new Disk(), account.root).amount();
    assertThat(counted.octets()).as(at + ": octets").isGreaterThanOrEqualTo(there.octets());
    assertThat(counted.messages()).as(at + ": messages").isGreaterThanOrEqualTo(there.messages());
  }

  /** Subjects with UID and UIDVALIDITY, by mailbox. */
  private static Map<String, List<String>> contents(TestMaildir account) throws Exception {
    Map<String, List<String>> contents = new HashMap<>();
    for (var name : account.maildir().mailboxes()) {
      Folder folder = account.folder(name);
      List<String> subjects = subjects(folder);
      FolderState state = folder.open(true);
      List<String> messages = new ArrayList<>();
      for (int i = 0; i < subjects.size(); i++) {
        String subject = subjects.get(i).replaceFirst("^[12]\\.", "");
        messages.add(name + "/" + subject + "/" + state.uids()[i] + " " + state.uidValidity());
      }
      contents.put(name.value(), messages);
    }
    return contents;
  }

  private static void assertSound(
      String at, TestMaildir account, Map<String, List<String>> before, List<String> promised)
      throws Exception {
    assertCounted(at, account);
    Map<String, List<String>> after = contents(account);
    List<String> all = after.values().stream().flatMap(List::stream).toList();
    List<String> withoutValidity = all.stream().map(message -> message.split(" ")[0]).toList();
    assertThat(withoutValidity).as(at).doesNotHaveDuplicates().containsAll(promised);
    for (String subject : List.of("old1", "old2", "new1", "new2")) {
      assertThat(all)
          .as("%s: %s is there", at, subject)
          .anyMatch(message -> message.contains("/" + subject + "/"));
    }
    // No UID under one UIDVALIDITY means two messages.
    Map<String, String> meaning = new HashMap<>();
    Stream.concat(before.values().stream(), after.values().stream())
        .flatMap(List::stream)
        .forEach(
            message -> {
              String subject = message.split("/")[1];
              String number = message.replace("/" + subject + "/", "/");
              assertThat(meaning.getOrDefault(number, subject))
                  .as("%s: %s", at, number)
                  .isEqualTo(subject);
              meaning.put(number, subject);
            });
  }
}
