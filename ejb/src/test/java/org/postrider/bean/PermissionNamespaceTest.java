package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.postrider.mail.MailException;
import org.postrider.mail.Messages;
import org.postrider.mail.Opened;
import org.postrider.mail.StoreMode;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.ResponseCode.AppendUid;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.StatusItem;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;
import org.postrider.transcript.PlainSignIn;

/** Folders shared by file permissions, as clients meet them. */
class PermissionNamespaceTest {

  private static final MailboxName GOLF = new MailboxName("shared.firm.golf");

  @TempDir Path home;

  private PlainMail mail;
  private Account account;
  private Path golf;

  @BeforeEach
  void signIn() throws Exception {
    Path pub = home.resolve("pub");
    golf = pub.resolve(".golf");
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(golf.resolve(part));
    }
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/maildirshared"), "firm\t" + pub + "\n");
    mail = new PlainMail(home);
    account = PlainSignIn.of(mail, PlainMail.USER, PlainMail.PASSWORD);
  }

  @AfterEach
  void close() {
    mail.close();
  }

  private List<String> list(Account of, String pattern) throws MailException {
    return mail.call(
        all ->
            all.mailboxes().list(of, MailboxPattern.of("", pattern)).stream()
                .map(entry -> entry.name() + " " + String.join(" ", entry.attributes()))
                .toList());
  }

  private List<String> subscribed() throws MailException {
    return mail.call(
        all ->
            all.mailboxes().subscribed(account, MailboxPattern.of("", "*")).stream()
                .map(entry -> entry.name().value())
                .toList());
  }

  private Opened open() throws MailException {
    return mail.call(all -> all.mailboxes().open(account, GOLF, false));
  }

  /** Something that answers nothing. */
  @FunctionalInterface
  private interface Change {
    void make(org.postrider.mail.Mail all) throws MailException;
  }

  private void change(Change change) throws MailException {
    mail.call(
        all -> {
          change.make(all);
          return all;
        });
  }

  private void refused(Word code, Change change) {
    assertThatThrownBy(() -> change(change))
        .isInstanceOfSatisfying(MailException.class, e -> assertThat(e.code()).contains(code));
  }

  @Test
  void sharedFoldersAreListedAndSubscribedTo() throws Exception {
    assertThat(list(account, "*"))
        .containsExactly(
            "INBOX \\Unmarked \\HasNoChildren",
            "shared \\Noselect \\HasChildren",
            "shared.firm \\Noselect \\HasChildren",
            "shared.firm.golf \\HasNoChildren");
    assertThat(list(account, "%"))
        .containsExactly("INBOX \\Unmarked \\HasNoChildren", "shared \\Noselect \\HasChildren");
    assertThat(list(account, "INBOX.%")).isEmpty();
    assertThat(mail.<List<String>>call(all -> all.mailboxes().shared(account))).contains("shared.");
    assertThat(subscribed()).isEmpty();
    change(all -> all.mailboxes().subscribe(account, GOLF));
    assertThat(subscribed()).containsExactly("shared.firm.golf");
    change(all -> all.mailboxes().unsubscribe(account, GOLF));
    assertThat(subscribed()).isEmpty();
    Map<StatusItem, Long> status =
        mail.call(all -> all.mailboxes().status(account, GOLF, EnumSet.of(StatusItem.MESSAGES)));
    assertThat(status).containsEntry(StatusItem.MESSAGES, 0L);
    assertThat(subscribed()).containsExactly("shared.firm.golf");
    change(all -> all.mailboxes().delete(account, GOLF));
    assertThat(subscribed()).isEmpty();
    assertThat(golf).isDirectory();
  }

  @Test
  void theirOwnersMakeAndNameThem() throws Exception {
    MailboxName made = new MailboxName("shared.firm.new");
    refused(Word.NOPERM, all -> all.mailboxes().create(account, made));
    refused(Word.CANNOT, all -> all.mailboxes().rename(account, GOLF, new MailboxName("INBOX.g")));
    refused(Word.NOPERM, all -> all.access().list(account, GOLF));
    refused(Word.NONEXISTENT, all -> all.mailboxes().open(account, made, false));
    assertThat(mail.call(all -> all.access().rights(account, GOLF)).letters())
        .isEqualTo("lrswixte");
    assertThat(mail.<List<QuotaRoot>>call(all -> all.quotas().roots(account, GOLF)))
        .singleElement()
        .satisfies(root -> assertThat(root.name()).isEqualTo("SHARED"));
  }

  @Test
  void withDisablesharedThereAreNone() throws Exception {
    Account alone =
        new Account(
            account.name(),
            account.address(),
            account.fullName(),
            account.maildir(),
            account.uid(),
            account.gid(),
            account.quota(),
            Map.of("disableshared", List.of("1")));
    assertThat(list(alone, "*")).containsExactly("INBOX \\Unmarked \\HasNoChildren");
    assertThatThrownBy(() -> mail.call(all -> all.mailboxes().open(alone, GOLF, false)))
        .isInstanceOf(MailException.class);
  }

  @Test
  void messagesComeAndGo() throws Exception {
    byte[] octets = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
    AppendUid appended =
        mail.call(
            all -> {
              Delivery delivery =
                  all.messages()
                      .prepare(
                          account,
                          GOLF,
                          Flags.of(SystemFlag.FLAGGED),
                          Optional.empty(),
                          octets.length);
              delivery.write(ByteBuffer.wrap(octets));
              return all.messages().deliver(List.of(delivery));
            });
    Opened opened = open();
    assertThat(opened.mailbox().readOnly()).isFalse();
    assertThat(opened.uids()).containsExactly(1);
    assertThat(appended.uidValidity()).isEqualTo(opened.mailbox().uidValidity());
    assertThat(appended.uids().toString()).isEqualTo("1");
    UidSet one = UidSet.ofRange(1, 1);
    change(
        all ->
            all.messages()
                .store(opened.mailbox(), one, StoreMode.ADD, Flags.of(SystemFlag.DELETED)));
    assertThat(
            mail.call(all -> all.messages().copy(opened.mailbox(), one, MailboxName.INBOX))
                .orElseThrow()
                .target()
                .toString())
        .isEqualTo("1");
    assertThat(
            mail.call(all -> all.messages().move(opened.mailbox(), one, MailboxName.INBOX))
                .orElseThrow()
                .target()
                .toString())
        .isEqualTo("2");
    assertThat(open().uids()).isEmpty();
    assertThat(golf.resolve("cur")).isEmptyDirectory();
  }

  @Test
  void whoWaitsIsToldOfWhatComesThere() throws Exception {
    Opened opened = open();
    AtomicInteger told = new AtomicInteger();
    try (Messages.Watch watch =
        mail.call(all -> all.messages().watch(opened.mailbox(), told::incrementAndGet))) {
      Files.writeString(golf.resolve("cur/1.x:2,"), "Subject: y\n\ny\n");
      Awaitility.await().until(() -> told.get() > 0);
    }
    assertThat(
            mail.call(all -> all.messages().changes(opened.mailbox(), opened.modSeq()))
                .arrived()
                .toString())
        .isEqualTo("1");
  }
}
