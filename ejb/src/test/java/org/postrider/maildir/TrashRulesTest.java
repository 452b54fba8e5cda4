package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.MailboxName;

class TrashRulesTest {

  private static TrashRules lifetimes(String setting) {
    return TrashRules.parse("Deleted Items", false, false, setting);
  }

  @Test
  void foldersHaveTheirDays() {
    assertThat(lifetimes("Trash:7,Sent:30, Old Mail.a:365").lifetimes())
        .containsEntry(new MailboxName("INBOX.Trash"), Duration.ofDays(7))
        .containsEntry(new MailboxName("INBOX.Sent"), Duration.ofDays(30))
        .hasSize(3);
  }

  @Test
  void aBareNumberIsForTrashWhateverItIsCalled() {
    assertThat(lifetimes("14").lifetimes())
        .containsExactly(
            java.util.Map.entry(new MailboxName("INBOX.Deleted Items"), Duration.ofDays(14)));
  }

  @Test
  void inboxIsOneOfThem() {
    assertThat(lifetimes("inbox:30").lifetimes()).containsKey(MailboxName.INBOX);
  }

  @Test
  void lessThanADayIsADay() {
    assertThat(lifetimes("Trash:0").lifetimes().values()).containsExactly(Duration.ofDays(1));
    assertThat(lifetimes("-3").lifetimes().values()).containsExactly(Duration.ofDays(1));
  }

  @Test
  void withoutASettingNothingGrowsOld() {
    assertThat(lifetimes("").lifetimes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Trash:x", "week", "Trash,Sent", "a/b:7", "a..b:7"})
  void whatIsNoneIsSaid(String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lifetimes(setting))
        .withMessageContaining("IMAP_EMPTYTRASH in etc/imapd is");
  }

  @Test
  void inboxIsNoTrash() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrashRules.parse("inbox", true, false, ""));
  }
}
