package org.postrider.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console in a browser: set up once, then what an administrator and a stranger meet. */
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

  private static final String NAME = "ada";
  private static final String PASSWORD = "correct horse battery";

  /** Names the elements that reach beyond a window which has to be scrolled sideways. */
  private static final String STICKING_OUT =
      """
      document.documentElement.scrollWidth <= window.innerWidth ? []
        : [document.documentElement.scrollWidth + " of " + window.innerWidth]
          .concat([...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > window.innerWidth)
            .map(e => e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 60)))
      """;

  private final PostriderServer server;
  private Chromium chromium;

  ConsoleIT(PostriderServer server) {
    this.server = server;
  }

  /** By keyboard alone, with the code that the first start printed. */
  @BeforeAll
  void theFirstAdministratorIsMade() throws IOException {
    chromium = new Chromium(server.console());
    try (BrowserContext visitor = chromium.visitor()) {
      Page page = visitor.newPage();
      page.navigate(server.console());
      assertThat(page).hasTitle("Set up the console · Postrider console");
      for (String typed : List.of(server.setupCode(), NAME, PASSWORD, PASSWORD)) {
        page.keyboard().type(typed);
        page.keyboard().press("Tab");
      }
      page.keyboard().press("Enter");
      assertThat(page.getByRole(AriaRole.STATUS))
          .hasText("The administrator ada was created. Sign in to go on.");
      assertThat(page.navigate(server.console() + "setup").status()).isEqualTo(404);
    }
  }

  @AfterEach
  void noPageComplainsOrAsksAnotherHost() {
    assertThat(chromium.complaints()).isEmpty();
  }

  @AfterAll
  void close() {
    if (chromium != null) {
      chromium.close();
    }
  }

  private Page signedIn(BrowserContext visitor) {
    Page page = visitor.newPage();
    page.navigate(server.console());
    page.locator("#name").fill(NAME);
    page.locator("#password").fill(PASSWORD);
    page.keyboard().press("Enter");
    page.locator("#sessions-title").waitFor();
    return page;
  }

  private static Locator row(Page page, String account) {
    return page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(account));
  }

  @Test
  void aClientThatConnectsAppearsByItselfAndReadsWhyItIsDisconnected() throws IOException {
    String account = server.newAccount();
    try (BrowserContext visitor = chromium.visitor()) {
      Page page = signedIn(visitor);
      assertThat(row(page, account)).hasCount(0);
      try (ImapClient client = server.signedIn(account)) {
        client.ok("ID (\"name\" \"<b>Clerk</b>\" \"version\" \"7\")");
        client.ok("SELECT INBOX");
        assertThat(row(page, account)).containsText("<b>Clerk</b> 7");
        assertThat(row(page, account)).containsText("mailbox open");

        row(page, account).getByRole(AriaRole.LINK).click();
        page.getByLabel("Reason").fill("Maintenance until noon");
        page.locator("#go").click();
        assertThat(page.getByRole(AriaRole.STATUS).first())
            .hasText("The session of " + account + " was ended.");
        assertThat(client.line()).isEqualTo("* BYE Maintenance until noon");
        assertThat(row(page, account)).hasCount(0);
      }
    }
  }

  @Test
  void aPausedPageStaysAsItIs() throws IOException {
    String account = server.newAccount();
    try (BrowserContext visitor = chromium.visitor()) {
      Page page = signedIn(visitor);
      page.locator("#live-pause").click();
      try (ImapClient client = server.signedIn(account)) {
        page.waitForTimeout(2_500); // longer than a page waits between two questions
        assertThat(row(page, account)).hasCount(0);
        page.locator("#live-pause").click();
        assertThat(row(page, account)).hasCount(1);
        client.ok("LOGOUT");
      }
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndGuessingMustWait() {
    try (BrowserContext visitor = chromium.visitor()) {
      Page page = visitor.newPage();
      page.navigate(server.console());
      page.locator("#name").fill("mallory");
      for (int i = 0; i < 4; i++) {
        page.locator("#password").fill("guess " + i);
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("Name or password is wrong.");
        assertThat(page.locator("#password")).isFocused();
      }
      page.locator("#password").fill("guess again");
      page.keyboard().press("Enter");
      assertThat(page.getByRole(AriaRole.ALERT)).containsText("Too many attempts. Wait");
    }
  }

  @Test
  void signingInRenewsTheSessionAndSigningOutEndsIt() {
    try (BrowserContext visitor = chromium.visitor()) {
      Page page = visitor.newPage();
      page.navigate(server.console());
      String before = visitor.cookies().getFirst().value;
      page.close();
      page = signedIn(visitor);
      Cookie cookie = visitor.cookies().getFirst();
      assertThat(cookie.value).isNotEqualTo(before);
      assertThat(cookie.httpOnly).isTrue();
      assertThat(cookie.secure).isTrue();
      assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);

      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();
      assertThat(page.getByRole(AriaRole.STATUS)).hasText("You have signed out.");
      page.navigate(server.console());
      assertThat(page).hasTitle("Sign in · Postrider console");
      visitor.addCookies(List.of(cookie));
      page.navigate(server.console());
      assertThat(page).hasTitle("Sign in · Postrider console");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1280, LIGHT, en",
    "1280, DARK, de",
    "900, LIGHT, de",
    "320, LIGHT, en",
    "320, DARK, de"
  })
  void everyPageFitsItsWindow(int width, ColorScheme colours, String language) throws IOException {
    try (BrowserContext visitor = chromium.visitor(width, colours, language);
        ImapClient client = server.signedIn(server.newAccount())) {
      Page page = visitor.newPage();
      page.navigate(server.console());
      fits(page, language);
      page.close();
      page = signedIn(visitor);
      fits(page, language);
      page.navigate(server.console() + "?find=nobody");
      fits(page, language);
      page.navigate(server.console() + "session?id=none");
      fits(page, language);
      page.navigate(server.console());
      page.getByRole(AriaRole.TABLE).last().getByRole(AriaRole.LINK).first().click();
      page.locator("#reason").waitFor();
      fits(page, language);
      page.navigate(server.console() + "nothing");
      fits(page, language);
      client.ok("LOGOUT");
    }
  }

  private static void fits(Page page, String language) {
    page.waitForLoadState(); // a form's answer is there before its style sheets are
    assertThat(page.locator("h1")).hasCount(1);
    assertThat(page.locator("html")).hasAttribute("lang", language);
    assertThat(page.evaluate(STICKING_OUT))
        .as("what makes this page scroll sideways: %s", page.url())
        .isEqualTo(List.of());
  }

  private HttpResponse<String> ask(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(server.tls())
            .connectTimeout(Duration.ofSeconds(20))
            .build()) {
      return client.send(
          request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.console() + path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "index",
        "index.xhtml",
        "session?id=1",
        "error",
        "sign-out",
        "nothing",
        "static/../index.xhtml",
        "sign-in/../index",
        "index.xhtml;x=y",
        "WEB-INF/web.xml"
      })
  void aStrangerSeesNoPage(String path) throws Exception {
    HttpResponse<String> answer = ask(to(path).GET());
    assertThat(answer.statusCode()).isIn(302, 404);
    assertThat(answer.headers().firstValue("Location").orElse(server.console() + "sign-in"))
        .isEqualTo(server.console() + "sign-in");
    assertThat(answer.body()).doesNotContain("Live sessions", "web-app");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign-in", "setup", "static/console.css"})
  void everyAnswerSaysWhatAPageMayDo(String path) throws Exception {
    HttpResponse<String> answer = ask(to(path).GET());
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Cache-Control"))
        .contains(path.startsWith("static") ? "no-cache" : "no-store");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(answer.headers().firstValue("X-Powered-By")).isEmpty();
  }

  @Test
  void formsThatAreNotOursAreRefusedWithoutALineOfCode() throws Exception {
    HttpRequest.BodyPublisher form =
        HttpRequest.BodyPublishers.ofString("sign-in=sign-in&jakarta.faces.ViewState=1:2");
    String type = "application/x-www-form-urlencoded";
    String origin = server.console().substring(0, server.console().length() - 1);

    HttpResponse<String> fromElsewhere =
        ask(to("sign-in").header("Content-Type", type).header("Origin", "https://evil").POST(form));
    HttpResponse<String> madeUp =
        ask(to("sign-in").header("Content-Type", type).header("Origin", origin).POST(form));
    HttpResponse<String> tooLarge =
        ask(
            to("sign-in")
                .header("Content-Type", type)
                .header("Origin", origin)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[70_000])));
    HttpResponse<String> unguarded =
        ask(
            to("j_security_check")
                .header("Content-Type", type)
                .header("Origin", origin)
                .POST(HttpRequest.BodyPublishers.ofString("j_username=a&j_password=b")));

    assertThat(fromElsewhere.statusCode()).isEqualTo(403);
    assertThat(madeUp.statusCode()).isEqualTo(410);
    assertThat(tooLarge.statusCode()).isEqualTo(413);
    assertThat(unguarded.statusCode()).isEqualTo(404);
    for (HttpResponse<String> answer : List.of(fromElsewhere, madeUp, tooLarge, unguarded)) {
      assertThat(answer.body()).doesNotContain("Exception", "java.", "org.");
    }
  }
}
