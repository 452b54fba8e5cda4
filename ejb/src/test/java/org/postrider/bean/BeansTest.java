package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.Account;
import org.postrider.mail.Changes;
import org.postrider.mail.Delivery;
import org.postrider.mail.MailException;
import org.postrider.mail.MessageBatch;
import org.postrider.mail.MessageData;
import org.postrider.mail.Messages;
import org.postrider.mail.Opened;
import org.postrider.mail.Peer;
import org.postrider.mail.SignInSettings;
import org.postrider.mail.StoreMode;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.FetchItem.Attribute;
import org.postrider.protocol.Flags;
import org.postrider.protocol.Literal;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Section;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;
import org.postrider.transcript.PlainSignIn;

/** What the transcripts can't show: other programs, the disk, files that stay open. */
class BeansTest {

  private static final String TEXT = "Subject: hello\r\n\r\nFirst line\r\nlast line";

  @TempDir Path home;

  private PlainMail mail;
  private Account account;

  @BeforeEach
  void signIn() throws Exception {
    mail = new PlainMail(home);
    account = signIn(PlainMail.PASSWORD);
  }

  @AfterEach
  void close() {
    mail.close();
  }

  private Account signIn(String password) throws Exception {
    return PlainSignIn.of(mail, PlainMail.USER, password);
  }

  private Opened open(boolean readOnly) throws MailException {
    return mail.call(all -> all.mailboxes().open(account, MailboxName.INBOX, readOnly));
  }

  private long append() throws Exception {
    return mail.call(
            all -> {
              try (Delivery delivery =
                  all.messages()
                      .prepare(
                          account,
                          MailboxName.INBOX,
                          Flags.NONE,
                          Optional.empty(),
                          TEXT.length())) {
                delivery.write(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII)));
                return all.messages().deliver(List.of(delivery));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .uids()
        .first(0);
  }

  private static FetchItem whole() {
    return new FetchItem.Body(Section.WHOLE, Optional.empty(), true, FetchItem.Body.Name.BODY);
  }

  private static void assertRefused(
      Word code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MailException.class, e -> assertThat(e.code()).contains((ResponseCode) code));
  }

  @Test
  void aMissingMaildirIsMadeAtSignIn() {
    assertThat(PlainMail.maildir(home).resolve("cur")).isDirectory();
    assertThat(account.maildir()).isEqualTo(PlainMail.maildir(home));
  }

  @Test
  void theAccountHasAllThatItsRecordSays() throws Exception {
    mail.close();
    Path userdb = home.resolve("etc/userdb");
    String options = "|options=group=a,sharedgroup=s,group=b,disableshared=1,mailhost=h\n";
    Files.writeString(userdb, Files.readString(userdb).strip() + options);
    Files.writeString(home.resolve("etc/authdaemonrc"), "DEFAULTOPTIONS=\"group=c,x=y\"\n");
    mail = new PlainMail(home);
    account = signIn(PlainMail.PASSWORD);
    assertThat(account.option("group")).containsExactly("a", "b");
    assertThat(account.option("sharedgroup")).containsExactly("s");
    assertThat(account.option("mailhost")).containsExactly("h");
    assertThat(account.option("disableshared")).containsExactly("1");
    assertThat(account.option("x")).containsExactly("y");
    assertThat(account.option("nothing")).isEmpty();
    assertThat(account.uid())
        .isEqualTo(((Integer) Files.getAttribute(home, "unix:uid")).longValue());
    assertThat(account.gid())
        .isEqualTo(((Integer) Files.getAttribute(home, "unix:gid")).longValue());
  }

  @Test
  void anAccountWithoutImapIsToldSoInCouriersWords() throws Exception {
    Path userdb = home.resolve("etc/userdb");
    Files.writeString(userdb, Files.readString(userdb).strip() + "|options=disableimap=yes\n");
    mail.close();
    mail = new PlainMail(home);
    assertThatThrownBy(() -> signIn(PlainMail.PASSWORD))
        .isInstanceOfSatisfying(
            MailException.class,
            e -> {
              assertThat(e.code()).contains((ResponseCode) Word.AUTHORIZATIONFAILED);
              assertThat(e).hasMessage("IMAP access disabled for this account.");
            });
  }

  @Test
  void anAccountOnlyForTlsIsRefusedWithoutInCouriersWords() throws Exception {
    Path userdb = home.resolve("etc/userdb");
    String option = "|options=disableinsecureimap=yes\n";
    Files.writeString(userdb, Files.readString(userdb).strip() + option);
    mail.close();
    mail = new PlainMail(home);
    assertThatThrownBy(() -> signIn(PlainMail.PASSWORD))
        .isInstanceOfSatisfying(
            MailException.class,
            e -> {
              assertThat(e.code()).contains((ResponseCode) Word.PRIVACYREQUIRED);
              assertThat(e.getMessage())
                  .startsWith("IMAP access disabled via insecure connection.");
            });
    SSLSession session = SSLContext.getDefault().createSSLEngine().getSession();
    Peer secure =
        new Peer(
            InetAddress.getLoopbackAddress(),
            993,
            true,
            Optional.of(session),
            SignInSettings.DEFAULT);
    assertThat(PlainSignIn.of(mail, secure, PlainMail.USER, PlainMail.PASSWORD).name())
        .isEqualTo(PlainMail.USER);
  }

  @Test
  void aHomeOutsideTheDataDirectoryIsNotMade() throws Exception {
    mail.close();
    Path elsewhere = home.resolve("not-mounted/fred");
    Path userdb = home.resolve("etc/userdb");
    String record = Files.readString(userdb);
    Files.writeString(userdb, record.replaceFirst("home=[^|]*", "home=" + elsewhere));
    mail = new PlainMail(home);
    assertRefused(Word.UNAVAILABLE, () -> signIn(PlainMail.PASSWORD));
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertRefused(Word.AUTHENTICATIONFAILED, () -> signIn("wrong"));
  }

  @Test
  void whatIsNoMessageAfterAllLeavesTheMailbox() throws Exception {
    append();
    Path cur = PlainMail.maildir(home).resolve("cur");
    Files.createDirectory(cur.resolve("5000.directory:2,"));
    Files.createSymbolicLink(cur.resolve("5001.link:2,"), Path.of("/etc/passwd"));
    Opened opened = open(false);
    UidSet all = UidSet.ofRange(1, UidSet.MAX_UID);
    try (MessageBatch batch =
        mail.call(it -> it.messages().fetch(opened.mailbox(), all, List.of(whole())))) {
      assertThat(batch.messages()).hasSize(1);
    }
    Changes changes = mail.call(it -> it.messages().changes(opened.mailbox(), opened.modSeq()));
    assertThat(changes.vanished().size()).isEqualTo(opened.uids().length - 1);
    assertThat(open(false).uids()).hasSize(1);
    assertThat(cur.resolve("5001.link:2,")).isSymbolicLink();
  }

  @Test
  void deliveriesOfOtherProgramsWakeThoseWhoWait() throws Exception {
    Opened opened = open(false);
    AtomicInteger told = new AtomicInteger();
    try (Messages.Watch watch =
        mail.call(all -> all.messages().watch(opened.mailbox(), told::incrementAndGet))) {
      Path tmp = Files.writeString(account.maildir().resolve("tmp/1.new"), "Subject: x\n\n");
      Files.move(tmp, account.maildir().resolve("new/1.new"));
      Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> told.get() > 0);
      Changes changes = mail.call(all -> all.messages().changes(opened.mailbox(), opened.modSeq()));
      assertThat(changes.arrived()).isEqualTo(UidSet.of(1));
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aBodyIsARegionOfAFileThatStaysOpenUntilTheBatchIsClosed() throws Exception {
    long uid = append();
    Opened opened = open(false);
    MessageBatch batch =
        mail.call(
            all ->
                all.messages()
                    .fetch(
                        opened.mailbox(), UidSet.of(uid), List.of(Attribute.RFC822_SIZE, whole())));
    List<FetchData> data = batch.messages().getFirst().data();
    assertThat(data.getFirst()).isEqualTo(new FetchData.SizeData(TEXT.length()));
    Literal.CrlfRegion body = (Literal.CrlfRegion) ((FetchData.BodyData) data.get(1)).literal();
    assertThat(body.size()).isEqualTo(TEXT.length());
    mail.call(
        all -> {
          all.messages()
              .store(opened.mailbox(), UidSet.of(uid), StoreMode.ADD, Flags.of(SystemFlag.DELETED));
          return all.messages().expunge(opened.mailbox(), Optional.empty());
        });
    assertThat(body.file().size()).isEqualTo(TEXT.replace("\r", "").length());
    batch.close();
    assertThat(body.file().isOpen()).isFalse();
  }

  @Test
  void whatIsNoMessageIsPassedOverAndTheOthersAreAnswered() throws Exception {
    long uid = append();
    Path cur = account.maildir().resolve("cur");
    Files.createSymbolicLink(cur.resolve("9.link:2,"), Path.of("/etc/hostname"));
    Files.createDirectory(cur.resolve("9.directory:2,"));
    Opened opened = open(false);
    assertThat(opened.uids()).hasSize(3);
    try (MessageBatch batch =
        mail.call(
            all ->
                all.messages().fetch(opened.mailbox(), UidSet.ofRange(1, 9), List.of(whole())))) {
      assertThat(batch.messages()).extracting(MessageData::uid).containsExactly(uid);
    }
    UidSet found =
        mail.call(
            all ->
                all.messages()
                    .search(opened.mailbox(), new org.postrider.protocol.SearchKey.Body("first")));
    assertThat(found).isEqualTo(UidSet.of(uid));
  }

  @Test
  void whoOnlyReadsChangesNothing() throws Exception {
    UidSet uid = UidSet.of(append());
    Opened opened = open(true);
    Flags seen = Flags.of(SystemFlag.SEEN);
    assertRefused(
        Word.READ_ONLY,
        () -> mail.call(all -> all.messages().store(opened.mailbox(), uid, StoreMode.ADD, seen)));
    assertRefused(
        Word.READ_ONLY,
        () -> mail.call(all -> all.messages().expunge(opened.mailbox(), Optional.empty())));
    assertRefused(
        Word.READ_ONLY,
        () -> mail.call(all -> all.messages().move(opened.mailbox(), uid, MailboxName.INBOX)));
  }

  @Test
  void aMailboxThatWentAwayIsClosed() throws Exception {
    MailboxName name = new MailboxName("INBOX.gone");
    Opened opened =
        mail.call(
            all -> {
              all.mailboxes().create(account, name);
              Opened there = all.mailboxes().open(account, name, false);
              all.mailboxes().delete(account, name);
              return there;
            });
    assertRefused(
        Word.CLOSED,
        () -> mail.call(all -> all.messages().changes(opened.mailbox(), opened.modSeq())));
  }

  @Test
  void aFullDiskIsSaidWithoutItsPath() {
    MailException full =
        Refusals.failed(new FileSystemException("/srv/secret", null, "No space left on device"));
    assertThat(full.code()).contains((ResponseCode) Word.UNAVAILABLE);
    assertThat(full).hasMessageContaining("disk is full").hasMessageNotContaining("secret");
    MailException broken =
        Refusals.failed(new FileSystemException("/srv/secret", null, "Input/output error"));
    assertThat(broken).hasMessageNotContaining("secret").hasMessageNotContaining("Input/output");
  }

  @Test
  void aMistakeIsNoRefusal() {
    assertThatThrownBy(
            () ->
                Refusals.ask(
                    () -> {
                      throw new IllegalStateException("on purpose");
                    }))
        .isInstanceOf(Mistake.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }
}
