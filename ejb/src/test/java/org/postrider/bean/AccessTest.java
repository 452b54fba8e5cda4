package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.mail.Messages;
import org.postrider.mail.Opened;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;
import org.postrider.transcript.PlainSignIn;

/** What the transcripts can't show of rights: groups, options, other programs, many mailboxes. */
class AccessTest {

  private static final MailboxName A = new MailboxName("INBOX.a");

  @TempDir Path home;

  private PlainMail mail;
  private Account account;

  @BeforeEach
  void signIn() throws Exception {
    mail = new PlainMail(home);
    account = PlainSignIn.of(mail, PlainMail.USER, PlainMail.PASSWORD);
    mail.call(
        all -> {
          all.mailboxes().create(account, A);
          return A;
        });
  }

  @AfterEach
  void close() {
    mail.close();
  }

  private Account with(String option, String... values) {
    return new Account(
        account.name(),
        account.address(),
        account.fullName(),
        account.maildir(),
        account.uid(),
        account.gid(),
        account.quota(),
        Map.of(option, List.of(values)));
  }

  private void change(Account by, String whom, String rights) throws MailException {
    mail.call(
        all -> {
          all.access().change(by, A, AccessIdentifier.parse(whom), RightsChange.parse(rights));
          return A;
        });
  }

  private Rights rights(Account of) throws MailException {
    return mail.call(all -> all.access().rights(of, A));
  }

  @Test
  void theGroupsOfAnAccountAreItsOptions() throws Exception {
    change(account, "owner", "la");
    change(account, "group=staff", "rs");
    change(account, "group=sales", "w");
    change(account, "-group=trainees", "s");
    assertThat(rights(account).letters()).isEqualTo("la");
    assertThat(rights(with("group", "staff", "sales")).letters()).isEqualTo("lrswa");
    assertThat(rights(with("group", "staff", "trainees")).letters()).isEqualTo("lra");
    assertThat(rights(with("group", "administrators"))).isEqualTo(Rights.ALL);
    assertThat(rights(with("groups", "administrators")).letters()).isEqualTo("la");
  }

  @Test
  void withDisablesharedTheListsCountForNothing() throws Exception {
    change(account, "owner", "la");
    Account alone = with("disableshared", "1");
    assertThat(rights(alone).letters()).isEqualTo("lrswikxte");
    assertThat(rights(with("disableshared", "0")).letters()).isEqualTo("la");
    for (String command : List.of("GETACL", "SETACL", "LISTRIGHTS")) {
      assertThatThrownBy(
              () ->
                  mail.call(
                      all ->
                          switch (command) {
                            case "GETACL" -> all.access().list(alone, A);
                            case "SETACL" -> {
                              change(alone, "jane", "lr");
                              yield A;
                            }
                            default -> all.access().grantable(alone, A, AccessIdentifier.OWNER);
                          }))
          .as(command)
          .isInstanceOfSatisfying(
              MailException.class, e -> assertThat(e.code()).contains(Word.NOPERM));
    }
    assertThat(mail.<Opened>call(all -> all.mailboxes().open(alone, A, false)).mailbox().readOnly())
        .isFalse();
  }

  @Test
  void whatAnotherProgramChangesCountsForTheSessionThatHasTheMailboxOpen() throws Exception {
    Opened opened = mail.call(all -> all.mailboxes().open(account, A, false));
    Path file = account.maildir().resolve(".a/courierimapacl");
    Files.writeString(file, "owner lra\n");
    assertThat(changed(opened)).isEqualTo("lra");
    Files.writeString(file, "owner la\n");
    assertThatThrownBy(() -> changed(opened))
        .isInstanceOfSatisfying(
            MailException.class, e -> assertThat(e.code()).contains(Word.CLOSED));
  }

  private String changed(Opened opened) throws MailException {
    return mail.call(all -> all.messages().changes(opened.mailbox(), opened.modSeq()))
        .rights()
        .letters();
  }

  @Test
  void whoWaitsForChangesIsToldOfOtherRights() throws Exception {
    Opened opened = mail.call(all -> all.mailboxes().open(account, A, false));
    AtomicInteger woken = new AtomicInteger();
    try (Messages.Watch watch =
        mail.call(all -> all.messages().watch(opened.mailbox(), woken::incrementAndGet))) {
      change(account, "owner", "lra");
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> woken.get() > 0);
    }
  }

  /** A thousand mailboxes: files that are missing are made once, and then only looked at. */
  @Test
  void listOfAThousandMailboxesStaysFast() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      for (String part : List.of("tmp", "new", "cur")) {
        Files.createDirectories(account.maildir().resolve(".box" + i).resolve(part));
      }
    }
    long first = timeOfList(1_002);
    assertThat(account.maildir().resolve(".box999/courierimapacl"))
        .hasContent("owner aceilrstwx\nadministrators aceilrstwx\n");
    for (int i = 0; i < 1_000; i++) {
      Path file = account.maildir().resolve(".box" + i).resolve("courierimapacl");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      best = Math.min(best, timeOfList(1_002));
    }
    System.getLogger(AccessTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "LIST of 1,000 mailboxes: " + first + " ms without files, then " + best + " ms");
    assertThat(best).as("milliseconds of the best of ten").isLessThan(1_000);
  }

  private long timeOfList(int expected) throws MailException {
    long start = System.nanoTime();
    List<MailboxEntry> entries =
        mail.call(all -> all.mailboxes().list(account, MailboxPattern.of("", "*")));
    assertThat(entries).hasSize(expected);
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void aFolderOfMessagesIsReadOnlyWhereNothingMayBeChanged() throws Exception {
    change(account, "owner", "lrxka");
    Opened opened = mail.call(all -> all.mailboxes().open(account, A, false));
    assertThat(opened.mailbox().readOnly()).isTrue();
    assertThatThrownBy(
            () -> mail.call(all -> all.messages().expunge(opened.mailbox(), Optional.empty())))
        .isInstanceOfSatisfying(
            MailException.class, e -> assertThat(e.code()).contains(Word.READ_ONLY));
  }
}
