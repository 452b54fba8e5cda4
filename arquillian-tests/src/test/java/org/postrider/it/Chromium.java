package org.postrider.it;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The distribution's Chromium without a window. What its pages complain about, and what they ask of
 * other hosts, is remembered: a test asserts that it is nothing.
 */
final class Chromium implements AutoCloseable {

  private static final double TIMEOUT_MILLIS = 30_000;

  private final String origin;
  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new ArrayList<>();

  /**
   * @param origin the console's address; everything else is another host
   */
  Chromium(String origin) throws IOException {
    this.origin = origin;
    Program program = Program.find("chromium", "chromium", PostriderServer.directory("chromium"));
    // The driver would download a browser of its own.
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program.executable())
                    .setArgs(
                        List.of(
                            "--no-sandbox", // root runs it where builds run in containers
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking")));
  }

  /** A person who has never been here: no cookies. */
  BrowserContext visitor(int width, ColorScheme colours, String language) {
    BrowserContext visitor =
        browser.newContext(
            new Browser.NewContextOptions()
                .setIgnoreHTTPSErrors(true) // the certificate of a first run is its own issuer
                .setViewportSize(width, 800)
                .setColorScheme(colours)
                .setLocale(language));
    visitor.setDefaultTimeout(TIMEOUT_MILLIS);
    visitor.onPage(this::watch);
    return visitor;
  }

  BrowserContext visitor() {
    return visitor(1280, ColorScheme.LIGHT, "en");
  }

  private void watch(Page page) {
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    page.onConsoleMessage(
        message -> {
          // Chromium's own line about an answer that is asserted anyway, such as a 404.
          if (!message.text().startsWith("Failed to load resource")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith(origin)) {
            complaints.add(page.url() + " asks " + request.url());
          }
        });
  }

  /** Errors and warnings of pages, violations of their security policy, requests to other hosts. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
