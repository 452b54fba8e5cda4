package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.Account;
import org.postrider.mail.Delivery;
import org.postrider.mail.MailCall;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.mail.Messages;
import org.postrider.mail.Opened;
import org.postrider.mail.StoreMode;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.ResponseCode.AppendUid;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.RightsChange;
import org.postrider.protocol.StatusItem;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;
import org.postrider.transcript.PlainSignIn;

/** Mailboxes of other accounts, by the index of shared folders. */
class VirtualFoldersTest {

  private static final MailboxName PROJECT = new MailboxName("INBOX.Proj");
  private static final MailboxName BOBS_PROJECT =
      new MailboxName("#shared.Group One.bob smith.Proj");
  private static final MailboxName ELSEWHERE = new MailboxName("#shared.nobody.Proj");
  private static final String ID = id();

  @TempDir Path home;

  private PlainMail mail;
  private Account fred;
  private Account bob;
  private Account jane;

  /** An index knows no root: where that is who tests, it serves others. */
  private static String id() {
    long uid = org.postrider.maildir.ServerUser.current().owner().uid();
    return String.valueOf(uid == 0 ? 12_345 : uid);
  }

  @BeforeEach
  void signIn() throws Exception {
    Path userdb = home.resolve("etc/userdb");
    Files.createDirectories(home.resolve("mail"));
    Files.createDirectories(home.resolve("etc/shared"));
    Files.createFile(
        userdb, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    StringBuilder records = new StringBuilder();
    for (String name : List.of("fred", "bob.smith", "jane")) {
      records.append(name).append("\tuid=").append(ID).append("|gid=").append(ID);
      records.append("|home=").append(home.resolve("mail").resolve(name));
      records.append("|systempw=$1$abcdefgh$yyGbRQZVDnToZkGA5MzNJ1");
      records.append(name.equals("bob.smith") ? "|quota=1000S" : "").append('\n');
    }
    Files.writeString(userdb, records);
    index("index", "Group One\t*\tindexone\n" + line("fred") + line("jane"));
    index("indexone", line("bob.smith"));
    mail = new PlainMail(home);
    fred = PlainSignIn.of(mail, "fred", PlainMail.PASSWORD);
    bob = PlainSignIn.of(mail, "bob.smith", PlainMail.PASSWORD);
    jane = PlainSignIn.of(mail, "jane", PlainMail.PASSWORD);
    create(bob, PROJECT);
    create(bob, new MailboxName("INBOX.Proj.Sub"));
    create(bob, new MailboxName("INBOX.Secret"));
    create(jane, new MailboxName("INBOX.Work"));
  }

  private void index(String name, String text) throws IOException {
    Path scratch = Files.writeString(home.resolve("etc/scratch"), text);
    Files.move(
        scratch,
        home.resolve("etc/shared").resolve(name),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private String line(String name) {
    return name + "\t" + ID + "\t" + ID + "\t" + home.resolve("mail").resolve(name) + "\n";
  }

  @AfterEach
  void close() {
    mail.close();
  }

  private void create(Account account, MailboxName name) throws MailException {
    mail.call(
        all -> {
          all.mailboxes().create(account, name);
          return name;
        });
  }

  private void grant(MailboxName name, String whom, String rights) throws MailException {
    mail.call(
        all -> {
          all.access().change(bob, name, AccessIdentifier.parse(whom), RightsChange.parse(rights));
          return name;
        });
  }

  private List<String> list(Account account, String pattern) throws MailException {
    return mail
        .<List<MailboxEntry>>call(
            all -> all.mailboxes().list(account, MailboxPattern.of("", pattern)))
        .stream()
        .map(entry -> String.join(" ", entry.attributes()) + " " + entry.name())
        .toList();
  }

  private <R> void assertRefused(Word code, MailCall<R> call) {
    assertThatThrownBy(() -> mail.call(call))
        .isInstanceOfSatisfying(MailException.class, e -> assertThat(e.code()).contains(code));
  }

  private AppendUid append(Account account, MailboxName name, String text) throws MailException {
    return mail.call(
        all -> {
          byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
          try (Delivery delivery =
              all.messages().prepare(account, name, Flags.NONE, Optional.empty(), octets.length)) {
            delivery.write(ByteBuffer.wrap(octets));
            return all.messages().deliver(List.of(delivery));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private Opened open(Account account, MailboxName name) throws MailException {
    return mail.call(all -> all.mailboxes().open(account, name, false));
  }

  @Test
  void listShowsWhatTheListsLetSee() throws Exception {
    assertThat(list(fred, "#shared.*"))
        .containsExactly("\\Noselect \\HasChildren #shared.Group One");
    grant(PROJECT, "fred", "lr");
    grant(new MailboxName("INBOX.Proj.Sub"), "anyone", "l");
    assertThat(list(fred, "#shared.*"))
        .containsExactly(
            "\\Noselect \\HasChildren #shared.Group One",
            "\\Noselect \\HasChildren #shared.Group One.bob smith",
            "\\HasChildren #shared.Group One.bob smith.Proj",
            "\\HasNoChildren #shared.Group One.bob smith.Proj.Sub");
    assertThat(list(fred, "#shared.%"))
        .containsExactly("\\Noselect \\HasChildren #shared.Group One");
    assertThat(list(fred, "#shared.%.%"))
        .containsExactly("\\Noselect \\HasChildren #shared.Group One.bob smith");
    assertThat(list(jane, "#shared.Group One.bob smith.*"))
        .containsExactly(
            "\\Noselect \\HasChildren #shared.Group One.bob smith.Proj",
            "\\HasNoChildren #shared.Group One.bob smith.Proj.Sub");
    assertThat(list(fred, "*")).containsExactly("\\Unmarked \\HasNoChildren INBOX");
    assertThat(list(fred, "#shared")).isEmpty();
    assertThat(list(bob, "#shared.Group One.*")).as("one's own").isEmpty();
  }

  @Test
  void groupsAreNotOpenedForALevelAbove() throws Exception {
    index("index", "Missing\t*\tnowhere\nGroup One\t*\tindexone\nLoop\t*\tindex\n");
    assertThat(list(fred, "#shared.%")).hasSize(3);
    assertThat(list(fred, "#shared.*"))
        .containsExactly(
            "\\Noselect \\HasChildren #shared.Group One",
            "\\Noselect \\HasChildren #shared.Loop",
            "\\Noselect \\HasChildren #shared.Loop.Group One",
            "\\Noselect \\HasChildren #shared.Loop.Loop",
            "\\Noselect \\HasChildren #shared.Loop.Missing",
            "\\Noselect \\HasChildren #shared.Missing");
  }

  @Test
  void whatMayNotBeSeenReadsLikeWhatIsNotThere() throws Exception {
    for (MailboxName name : List.of(BOBS_PROJECT, ELSEWHERE, new MailboxName("#shared"))) {
      assertRefused(Word.NONEXISTENT, all -> all.mailboxes().open(fred, name, true));
      assertRefused(
          Word.NONEXISTENT,
          all -> all.mailboxes().status(fred, name, EnumSet.of(StatusItem.MESSAGES)));
      assertRefused(Word.NONEXISTENT, all -> all.access().rights(fred, name));
      assertRefused(Word.NONEXISTENT, all -> all.access().list(fred, name));
      assertRefused(Word.NONEXISTENT, all -> all.quotas().roots(fred, name));
      assertRefused(
          Word.TRYCREATE,
          all -> all.messages().prepare(fred, name, Flags.NONE, Optional.empty(), 1));
      assertRefused(
          Word.NONEXISTENT,
          all -> {
            all.mailboxes().delete(fred, name);
            return name;
          });
      assertRefused(
          Word.NONEXISTENT,
          all -> {
            all.mailboxes().rename(fred, name, new MailboxName("INBOX.mine"));
            return name;
          });
      assertRefused(
          Word.NOPERM,
          all -> {
            all.mailboxes().create(fred, new MailboxName(name + ".new" + "x".repeat(300)));
            return name;
          });
    }
    assertThatThrownBy(() -> open(fred, new MailboxName(BOBS_PROJECT + "y".repeat(300))))
        .hasMessage(org.postrider.maildir.Maildir.NO_SUCH_MAILBOX);
  }

  @Test
  void rightsDecideWhetherItIsOpenedForWriting() throws Exception {
    grant(PROJECT, "fred", "l");
    assertRefused(Word.NOPERM, all -> all.mailboxes().open(fred, BOBS_PROJECT, false));
    grant(PROJECT, "fred", "lr");
    append(bob, PROJECT, "Subject: a\n\nb\n");
    Opened opened = open(fred, BOBS_PROJECT);
    assertThat(opened.mailbox().readOnly()).isTrue();
    assertThat(opened.uids()).hasSize(1);
    assertThat(opened.rights().letters()).isEqualTo("lr");
    assertThat(opened.mailbox().uidValidity())
        .isEqualTo(open(bob, PROJECT).mailbox().uidValidity());
    grant(PROJECT, "fred", "lrs");
    assertThat(open(fred, BOBS_PROJECT).mailbox().readOnly()).isFalse();
    grant(PROJECT, "fred", "");
    assertRefused(Word.CLOSED, all -> all.messages().changes(opened.mailbox(), opened.modSeq()));
  }

  @Test
  void aChangeWakesWhoHasTheMailboxOpenAsAnotherAccount() throws Exception {
    grant(PROJECT, "fred", "lrswite");
    Opened freds = open(fred, BOBS_PROJECT);
    Opened bobs = open(bob, PROJECT);
    AtomicInteger woken = new AtomicInteger();
    try (Messages.Watch watch =
        mail.call(all -> all.messages().watch(bobs.mailbox(), woken::incrementAndGet))) {
      AppendUid uid = append(fred, BOBS_PROJECT, "Subject: a\n\nb\n");
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> woken.get() > 0);
      UidSet uids = uid.uids();
      mail.call(
          all ->
              all.messages()
                  .store(freds.mailbox(), uids, StoreMode.ADD, Flags.of(SystemFlag.SEEN)));
      assertThat(
              mail.call(all -> all.messages().changes(bobs.mailbox(), bobs.modSeq()))
                  .arrived()
                  .size())
          .isEqualTo(1);
    }
    Path cur = bob.maildir().resolve(".Proj/cur");
    try (var files = Files.list(cur)) {
      Path file = files.findFirst().orElseThrow();
      assertThat(file.toString()).endsWith(":2,S");
      assertThat(Files.getAttribute(file, "unix:uid").toString()).isEqualTo(ID);
    }
  }

  @Test
  void messagesGoBetweenAccountsAndCountWhereTheyAre() throws Exception {
    grant(PROJECT, "fred", "lrswite");
    append(fred, MailboxName.INBOX, "Subject: a\n\n" + "x".repeat(600) + "\n");
    Opened inbox = open(fred, MailboxName.INBOX);
    UidSet all = new UidSet.Builder().add(inbox.uids()[0]).build();
    assertThat(
            mail.<Optional<org.postrider.protocol.ResponseCode.CopyUid>>call(
                store -> store.messages().copy(inbox.mailbox(), all, BOBS_PROJECT)))
        .isPresent();
    assertThat(Files.readString(bob.maildir().resolve("maildirsize"))).startsWith("1000S");
    assertThat(mail.call(store -> store.quotas().root(bob, "ROOT")).usages().getFirst().usage())
        .isEqualTo(1);
    assertRefused(
        Word.OVERQUOTA, store -> store.messages().copy(inbox.mailbox(), all, BOBS_PROJECT));
    assertRefused(
        Word.OVERQUOTA, store -> store.messages().move(inbox.mailbox(), all, BOBS_PROJECT));
    assertThat(open(bob, PROJECT).uids()).hasSize(1);
    assertThat(open(fred, MailboxName.INBOX).uids()).hasSize(1);
    Opened project = open(fred, BOBS_PROJECT);
    UidSet one = new UidSet.Builder().add(project.uids()[0]).build();
    mail.call(store -> store.messages().move(project.mailbox(), one, MailboxName.INBOX));
    assertThat(open(bob, PROJECT).uids()).isEmpty();
    assertThat(open(fred, MailboxName.INBOX).uids()).hasSize(2);
    assertThat(mail.call(store -> store.quotas().root(bob, "ROOT")).usages().getFirst().usage())
        .isZero();
  }

  @Test
  void mailboxesAreMadeRenamedAndDeletedByRights() throws Exception {
    MailboxName made = new MailboxName(BOBS_PROJECT + ".New");
    MailboxName renamed = new MailboxName(BOBS_PROJECT + ".Renamed");
    grant(PROJECT, "fred", "lrkx");
    create(fred, made);
    assertThat(bob.maildir().resolve(".Proj.New/cur")).isDirectory();
    assertThat(Files.getAttribute(bob.maildir().resolve(".Proj.New"), "unix:uid").toString())
        .isEqualTo(ID);
    assertRefused(
        Word.CANNOT,
        all -> {
          all.mailboxes().rename(fred, made, new MailboxName("INBOX.mine"));
          return made;
        });
    assertRefused(
        Word.NOPERM,
        all -> {
          all.mailboxes().rename(fred, made, new MailboxName("#shared.jane.mine"));
          return made;
        });
    mail.call(
        all -> {
          all.mailboxes().rename(fred, made, renamed);
          all.mailboxes().delete(fred, renamed);
          return made;
        });
    assertThat(bob.maildir().resolve(".Proj.New")).doesNotExist();
    assertThat(bob.maildir().resolve(".Proj.Renamed")).doesNotExist();
    assertRefused(
        Word.NOPERM,
        all -> {
          all.mailboxes().create(fred, new MailboxName("#shared.Group One.bob smith.Top"));
          return made;
        });
  }

  @Test
  void whoMayAdministerChangesTheList() throws Exception {
    grant(PROJECT, "fred", "lra");
    mail.call(
        all -> {
          all.access()
              .change(fred, BOBS_PROJECT, AccessIdentifier.parse("jane"), RightsChange.parse("lr"));
          return jane;
        });
    assertThat(open(jane, BOBS_PROJECT).rights().letters()).isEqualTo("lr");
    assertThat(Files.readString(bob.maildir().resolve(".Proj/courierimapacl")))
        .contains("user=jane lr");
  }

  @Test
  void theRootOfOthersHasNoLimits() throws Exception {
    grant(PROJECT, "fred", "lr");
    assertThat(
            mail.<List<org.postrider.protocol.QuotaRoot>>call(
                all -> all.quotas().roots(fred, BOBS_PROJECT)))
        .singleElement()
        .satisfies(root -> assertThat(root.name()).isEqualTo("PUBLIC"))
        .satisfies(root -> assertThat(root.usages()).isEmpty());
    assertThat(mail.call(all -> all.quotas().root(fred, "PUBLIC")).usages()).isEmpty();
    grant(PROJECT, "fred", "l");
    assertRefused(Word.NOPERM, all -> all.quotas().roots(fred, BOBS_PROJECT));
  }

  @Test
  void subscriptionsAreNamesThatNeedNotExist() throws Exception {
    mail.call(
        all -> {
          all.mailboxes().subscribe(fred, BOBS_PROJECT);
          all.mailboxes().subscribe(fred, ELSEWHERE);
          all.mailboxes().subscribe(fred, MailboxName.INBOX);
          all.mailboxes().unsubscribe(fred, ELSEWHERE);
          return fred;
        });
    assertThat(Files.readString(fred.maildir().resolve("courierimapsubscribed")))
        .isEqualTo("#shared.Group One.bob smith.Proj\nINBOX\n");
    assertThat(subscribed("*")).containsExactly("INBOX");
    assertThat(subscribed("#shared.*")).containsExactly(BOBS_PROJECT.value());
  }

  private List<String> subscribed(String pattern) throws MailException {
    return mail
        .<List<MailboxEntry>>call(
            all -> all.mailboxes().subscribed(fred, MailboxPattern.of("", pattern)))
        .stream()
        .map(entry -> entry.name().value())
        .toList();
  }

  private static Account with(Account account, String option, String value) {
    return new Account(
        account.name(),
        account.address(),
        account.fullName(),
        account.maildir(),
        account.uid(),
        account.gid(),
        account.quota(),
        Map.of(option, List.of(value)));
  }

  @Test
  void optionsOfTheAccountSayWhatThereIs() throws Exception {
    grant(PROJECT, "group=staff", "lr");
    assertThat(list(with(fred, "group", "staff"), "#shared.Group One.*")).hasSize(2);
    assertThat(list(with(fred, "sharedgroup", "one"), "#shared.*")).as("index" + "one").isEmpty();
    grant(PROJECT, "fred", "lr");
    assertThat(list(with(fred, "sharedgroup", "one"), "#shared.*"))
        .containsExactly(
            "\\Noselect \\HasChildren #shared.bob smith", "\\HasNoChildren #shared.bob smith.Proj");
    Account alone = with(fred, "disableshared", "1");
    assertThat(list(alone, "#shared.*")).isEmpty();
    assertRefused(Word.NONEXISTENT, all -> all.mailboxes().open(alone, BOBS_PROJECT, false));
    assertThat(mail.<List<String>>call(all -> all.mailboxes().shared(alone))).isEmpty();
    assertThat(mail.<List<String>>call(all -> all.mailboxes().shared(fred))).contains("#shared.");
  }

  @Test
  void anAccountThatIsNotThereOrIsALinkIsPassedOver() throws Exception {
    grant(PROJECT, "anyone", "lr");
    Path planted = jane.maildir().resolve(".stolen");
    Files.createSymbolicLink(planted, bob.maildir().resolve(".Secret"));
    index(
        "index",
        "gone\t"
            + ID
            + "\t"
            + ID
            + "\t/nowhere\nother\t77777\t77777\t"
            + bob.maildir().getParent()
            + "\n"
            + line("jane"));
    assertThat(list(fred, "#shared.*")).isEmpty();
    assertRefused(
        Word.NONEXISTENT,
        all -> all.mailboxes().open(fred, new MailboxName("#shared.other.Proj"), true));
    mail.call(
        all -> {
          all.access()
              .change(
                  jane,
                  MailboxName.INBOX,
                  AccessIdentifier.parse("fred"),
                  RightsChange.parse("lrswitekxa"));
          return jane;
        });
    assertThat(list(fred, "#shared.*"))
        .containsExactly("\\HasNoChildren #shared.jane")
        .doesNotContain("#shared.jane.stolen");
    assertRefused(
        Word.NONEXISTENT,
        all -> all.mailboxes().open(fred, new MailboxName("#shared.jane.stolen"), true));
  }

  /** In a large index, those that share nothing are not looked at each time. */
  @Test
  void amongVeryManyAccountsAGrantOfThisServerCountsAtOnce() throws Exception {
    int many = 600;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < many; i++) {
      Path maildir = home.resolve("mail/user" + i + "/Maildir");
      for (String part : List.of("tmp", "new", "cur")) {
        Files.createDirectories(maildir.resolve(part));
      }
      own(maildir.getParent());
      lines.append(line("user" + i));
    }
    index("index", lines.toString());
    long first = timeOfList("#shared.*", List.of());
    long second = timeOfList("#shared.%", List.of());
    System.getLogger(VirtualFoldersTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "LIST of {0} accounts that share nothing: {1} ms, then {2} ms",
            many,
            first,
            second);
    Account last =
        new Account(
            "user599",
            "user599",
            "",
            home.resolve("mail/user599/Maildir"),
            bob.uid(),
            bob.gid(),
            "",
            Map.of());
    mail.call(
        all -> {
          all.access()
              .change(
                  last,
                  MailboxName.INBOX,
                  AccessIdentifier.parse("fred"),
                  RightsChange.parse("lr"));
          return last;
        });
    timeOfList("#shared.%", List.of("\\HasNoChildren #shared.user599"));
  }

  private long timeOfList(String pattern, List<String> expected) throws MailException {
    long start = System.nanoTime();
    assertThat(list(fred, pattern)).isEqualTo(expected);
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static void own(Path top) throws IOException {
    try (var all = Files.walk(top)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.setAttribute(path, "unix:uid", Integer.parseInt(ID));
      }
    }
  }
}
