package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SessionPageTest {

  private final Given.Server bean = new Given.Server();
  private final Notice notice = new Notice();
  private final SessionPage page =
      new SessionPage(
          new MailServer(() -> bean, Clock.systemUTC()),
          new Words(Locale.ENGLISH, Clock.systemUTC()),
          notice);

  private void open(String id) {
    bean.sessions = List.of(Given.session("7", "a@example.org", "192.0.2.1", "mutt", 1));
    page.setId(id);
    page.load();
  }

  @Test
  void theReasonReachesTheClientInOneLine() {
    open("7");
    page.setReason(" Maintenance\r\n* BYE forged\t ");
    page.end();
    assertThat(bean.ended).containsEntry("7", "Maintenance  * BYE forged");
    assertThat(notice.take()).isEqualTo("The session of a@example.org was ended.");
    assertThat(notice.isWaiting()).isFalse();
  }

  @Test
  void anEmptyReasonIsTheUsualOne() {
    open("7");
    page.setReason(null);
    page.end();
    assertThat(bean.ended).containsEntry("7", "Your administrator has ended this session.");
  }

  @Test
  void aReasonIsCutToWhatMayBe() {
    assertThat(SessionPage.line("x".repeat(5_000))).hasSize(SessionPage.REASON_MAX_CHARACTERS);
  }

  @Test
  void aSessionThatHasEndedMeanwhileIsSaidToBeGone() {
    open("7");
    bean.sessions = List.of();
    page.end();
    assertThat(notice.take()).isEqualTo("That session has already ended. Nothing was done.");
  }

  @Test
  void anUnknownSessionIsNone() {
    open("nonsense");
    assertThat(page.getSession()).isNull();
  }
}
