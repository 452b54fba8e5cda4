package org.postrider.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.connector.SessionState;

class OverviewPageTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path home;

  private final Given.Server bean = new Given.Server();
  private Path userdb;

  @BeforeEach
  void someAccounts() throws IOException {
    userdb = Files.createDirectories(home.resolve("etc")).resolve("userdb");
    Files.createFile(
        userdb, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(userdb, "a@example.org\tuid=1\nb@example.org\tuid=1\n", UTF_8);
    bean.listeners = List.of(Given.listener("imaps", "2027-03-01T00:00:00Z"));
  }

  private OverviewPage page(String find) {
    OverviewPage page =
        new OverviewPage(
            new MailServer(() -> bean, NOON), new DataFiles(home), new Words(Locale.ENGLISH, NOON));
    page.read(find);
    return page;
  }

  @Test
  void aQuietDayHasNoWarning() {
    OverviewPage page = page(null);
    assertThat(page.getWarnings()).isEmpty();
    assertThat(page.getAccounts()).isEqualTo(2);
    assertThat(page.getCertificateEnd()).isEqualTo("2027-03-01T00:00:00Z");
  }

  @Test
  void theSessionLastActiveComesFirst() {
    bean.sessions =
        List.of(
            Given.session("1", "a@example.org", "192.0.2.1", "mutt", 900),
            Given.session("2", "", "192.0.2.2", "", 3),
            Given.session("3", "a@example.org", "192.0.2.3", "iPhone", 40));
    OverviewPage page = page("");
    assertThat(page.getSessions()).extracting(SessionState::id).containsExactly("2", "3", "1");
    assertThat(page.getAccountsSignedIn()).isEqualTo(1);
  }

  @Test
  void whatIsLookedForMayBePartOfAccountAddressOrClientInEitherCase() {
    bean.sessions =
        List.of(
            Given.session("1", "Anna@example.org", "192.0.2.1", "mutt", 1),
            Given.session("2", "b@example.org", "192.0.2.99", "Thunderbird", 2));
    assertThat(page("anna").getSessions()).extracting(SessionState::id).containsExactly("1");
    assertThat(page(" 2.99 ").getSessions()).extracting(SessionState::id).containsExactly("2");
    assertThat(page("THUNDER").getSessions()).extracting(SessionState::id).containsExactly("2");
    assertThat(page("nobody").getMatchCount()).isZero();
  }

  @Test
  void ofThousandsOfSessionsTheFirstHundredAreShownAndAllAreCounted() {
    bean.sessions =
        IntStream.range(0, 5_000)
            .mapToObj(i -> Given.session("" + i, "u" + i + "@example.org", "192.0.2.1", "", i))
            .toList();
    OverviewPage page = page(null);
    assertThat(page.getSessions()).hasSize(OverviewPage.SESSIONS_SHOWN);
    assertThat(page.getSessionCount()).isEqualTo(5_000);
  }

  @Test
  void aCertificateThatEndsSoonIsAWarningAndOneThatHasEndedAnError() {
    bean.listeners =
        List.of(
            Given.listener("imap", "2026-03-12T13:00:00Z"),
            Given.listener("imaps", "2026-03-12T13:00:00Z"),
            Given.listener("old", "2026-02-28T00:00:00Z"),
            Given.listener("plain", ""));
    OverviewPage page = page(null);
    assertThat(page.getWarnings())
        .extracting(OverviewPage.Warning::level)
        .containsExactly("err", "warn");
    assertThat(page.getWarnings().getLast().text())
        .startsWith("The certificate of imap, imaps ends in 11 days, on Mar 12, 2026.");
    assertThat(page.getCertificateEnd()).isEqualTo("2026-02-28T00:00:00Z");
  }

  @Test
  void accountsThatCannotBeReadAreAWarningAndTheRestIsShown() throws IOException {
    Files.setPosixFilePermissions(userdb, PosixFilePermissions.fromString("rw-r--r--"));
    OverviewPage page = page(null);
    assertThat(page.getAccounts()).isNull();
    assertThat(page.getListeners()).hasSize(1);
    assertThat(page.getWarnings()).hasSize(1);
    assertThat(page.getWarnings().getFirst().level()).isEqualTo("err");
    assertThat(page.getWarnings().getFirst().text()).contains("userdb");
  }

  @Test
  void aServerThatDoesNotAnswerIsAnError() {
    OverviewPage page =
        new OverviewPage(
            new MailServer(() -> null, NOON), new DataFiles(home), new Words(Locale.ENGLISH, NOON));
    page.read(null);
    assertThat(page.isCurrent()).isFalse();
    assertThat(page.getWarnings().getFirst().text()).startsWith("The IMAP server does not answer.");
  }

  @Test
  void aServerWithoutListenersIsAnError() {
    bean.listeners = List.of();
    assertThat(page(null).getWarnings().getFirst().text()).startsWith("No listener is open");
  }
}
