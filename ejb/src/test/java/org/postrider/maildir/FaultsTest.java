package org.postrider.maildir;

import static org.postrider.maildir.TestMaildir.SENT;
import static org.postrider.maildir.TestMaildir.append;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.maildir.FailingDisk.Fault;
import org.postrider.maildir.StoreOperation.Kind;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.RightsChange;
import org.postrider.protocol.SystemFlag;

/** Every operation, with every fault at every file call that it makes: see {@link FaultCheck}. */
class FaultsTest {

  /** By kind: mailboxes by number are INBOX, INBOX.Sent, INBOX.Sent.Old. */
  private static final Map<Kind, List<StoreOperation>> OPERATIONS = new EnumMap<>(Kind.class);

  static {
    add(Kind.TAKE_NEW_MAIL, 0, 0, 1);
    add(Kind.APPEND, 0, 0, 1);
    add(Kind.MULTIAPPEND, 0, 0, 1);
    add(Kind.COPY, 0, 1, 0b111);
    add(Kind.MOVE, 0, 1, 0b111);
    add(Kind.STORE, 0, 0, 0b1111);
    add(Kind.STORE_KEYWORDS, 0, 0, 0b11);
    add(Kind.EXPUNGE, 0, 0, 0);
    add(Kind.CREATE, 0, 0, 3);
    add(Kind.DELETE, 1, 0, 0);
    add(Kind.RENAME, 1, 0, 2);
    add(Kind.RENAME_INBOX, 0, 0, 3);
    add(Kind.SUBSCRIBE, 1, 0, 0);
    add(Kind.UNSUBSCRIBE, 0, 0, 0);
    add(Kind.SET_ACCESS, 1, 0, 0);
    add(Kind.DELETE_ACCESS, 2, 0, 0);
    add(Kind.SET_LIMIT, 0, 0, 1);
  }

  private static void add(Kind kind, int one, int other, int bits) {
    OPERATIONS
        .computeIfAbsent(kind, k -> new ArrayList<>())
        .add(new StoreOperation(kind, one, other, bits));
  }

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path template;

  @BeforeEach
  void makeAnAccount() throws Exception {
    template = directory.resolve("template");
    Files.createDirectory(template);
    TestMaildir account = new TestMaildir(template);
    fill(account);
  }

  static void fill(TestMaildir account) throws Exception {
    MailboxName below = new MailboxName("INBOX.Sent.Old");
    account.maildir().create(SENT);
    account.maildir().create(below);
    append(account.folder(SENT), "sent", Flags.NONE);
    append(account.folder(below), "long ago", Flags.ofKeywords(List.of("Kept")));
    append(account.inbox(), "old1", Flags.NONE);
    append(account.inbox(), "old2", Flags.of(SystemFlag.SEEN));
    append(account.inbox(), "old3", Flags.ofKeywords(List.of("Word0")));
    append(account.inbox(), "doomed1", Flags.of(SystemFlag.DELETED));
    append(account.inbox(), "doomed2", Flags.of(SystemFlag.DELETED));
    account.maildir().subscribe(MailboxName.INBOX);
    account.maildir().limit(new QuotaLimits(1_000_000, 1_000));
    account
        .maildir()
        .access()
        .change(below, AccessIdentifier.parse("anna"), RightsChange.parse("lr"));
  }

  @TestFactory
  Stream<DynamicTest> killed() {
    return tests(Fault.KILLED);
  }

  @TestFactory
  Stream<DynamicTest> anError() {
    return tests(Fault.UNREADABLE);
  }

  @TestFactory
  Stream<DynamicTest> full() {
    return tests(Fault.FULL);
  }

  @TestFactory
  Stream<DynamicTest> notPermitted() {
    return tests(Fault.DENIED);
  }

  @TestFactory
  Stream<DynamicTest> doneButReportedAsFailed() {
    return tests(Fault.UNSURE);
  }

  @TestFactory
  Stream<DynamicTest> sentTwice() {
    return tests(Fault.RESENT);
  }

  @TestFactory
  Stream<DynamicTest> staleNames() {
    return tests(Fault.STALE);
  }

  private Stream<DynamicTest> tests(Fault fault) {
    return OPERATIONS.values().stream()
        .flatMap(List::stream)
        .map(
            operation ->
                DynamicTest.dynamicTest(
                    fault + " " + operation.kind(), () -> failAtEveryCall(operation, fault)));
  }

  private void failAtEveryCall(StoreOperation operation, Fault fault) throws Exception {
    FaultCheck undisturbed = new FaultCheck(template, directory.resolve("undisturbed"), fault);
    FaultCheck.Outcome outcome = undisturbed.outcome(operation);
    undisturbed.end();
    boolean failed = true;
    for (int call = 1; failed; call++) {
      Path place = directory.resolve(fault + "-" + operation.kind() + "-" + call);
      FaultCheck check = new FaultCheck(template, place, fault);
      failed = check.run(operation, call, outcome);
      check.end();
    }
  }
}
