package org.postrider.console;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.postrider.connector.ListenerState;
import org.postrider.connector.SessionState;

/** The page {@code index.xhtml}: what the server does now. It only reads. */
@Named("overview")
@RequestScoped
public class OverviewPage {

  /** Sessions that the page shows; the field above the table finds the others. */
  static final int SESSIONS_SHOWN = 100;

  /** A certificate that ends sooner is a warning. */
  static final int CERTIFICATE_WARN_DAYS = 30;

  private static final Logger LOG = System.getLogger(OverviewPage.class.getName());
  private static final int FIND_MAX_CHARACTERS = 200;

  /**
   * Something that somebody should look at.
   *
   * @param level {@code err} if something does not work, {@code warn} if it will not
   */
  public record Warning(String level, String text) {}

  @Inject private MailServer server;
  @Inject private DataFiles files;
  @Inject private Words words;
  @Inject private HttpServletRequest request;

  private MailServer.Answer answer;
  private Integer accounts;
  private String find = "";
  private List<SessionState> matching = List.of();
  private final List<Warning> warnings = new ArrayList<>();

  /** Made by the container. */
  public OverviewPage() {}

  OverviewPage(MailServer server, DataFiles files, Words words) {
    this.server = server;
    this.files = files;
    this.words = words;
  }

  @PostConstruct
  void read() {
    read(request.getParameter("find"));
  }

  /**
   * Asks the server and the files.
   *
   * @param wanted part of an account, an address or a client; null or blank for all
   */
  void read(String wanted) {
    find = wanted == null ? "" : wanted.strip();
    find = find.substring(0, Math.min(find.length(), FIND_MAX_CHARACTERS));
    answer = server.ask();
    String lower = find.toLowerCase(Locale.ROOT);
    matching =
        answer.sessions().stream()
            .filter(session -> matches(session, lower))
            .sorted(Comparator.comparingLong(SessionState::idleSeconds))
            .toList();
    warnAboutServer();
    countAccounts();
  }

  private static boolean matches(SessionState session, String lower) {
    return lower.isEmpty()
        || has(session.account(), lower)
        || has(session.address(), lower)
        || has(session.client(), lower);
  }

  private static boolean has(String field, String lower) {
    return field != null && field.toLowerCase(Locale.ROOT).contains(lower);
  }

  private void warnAboutServer() {
    if (!answer.current()) {
      warnings.add(
          new Warning(
              "err",
              answer.at() == null
                  ? words.text("server.silent")
                  : words.with("server.silentSince", words.time(answer.at()))));
    } else if (answer.listeners().isEmpty()) {
      warnings.add(new Warning("err", words.text("listeners.noneWarning")));
    }
    warnAboutCertificates();
  }

  /** Listeners that show the same certificate have one warning. */
  private void warnAboutCertificates() {
    Map<Instant, List<String>> namesByEnd = new TreeMap<>();
    for (ListenerState listener : answer.listeners()) {
      certificateEnd(listener)
          .ifPresent(
              end ->
                  namesByEnd.computeIfAbsent(end, none -> new ArrayList<>()).add(listener.name()));
    }
    namesByEnd.forEach(
        (end, names) -> {
          long days = words.daysUntil(end);
          String listeners = String.join(", ", names);
          if (days < 0) {
            warnings.add(
                new Warning("err", words.with("certificate.ended", listeners, words.day(end))));
          } else if (days < CERTIFICATE_WARN_DAYS) {
            warnings.add(
                new Warning(
                    "warn", words.with("certificate.endsSoon", listeners, days, words.day(end))));
          }
        });
  }

  private void countAccounts() {
    try {
      accounts = files.accounts();
      if (accounts == 0) {
        warnings.add(new Warning("warn", words.text("accounts.noneWarning")));
      }
    } catch (IOException unreadable) {
      LOG.log(Level.DEBUG, "The accounts cannot be counted", unreadable);
      warnings.add(new Warning("err", words.with("accounts.unreadable", unreadable.getMessage())));
    }
  }

  /** Most urgent first. */
  public List<Warning> getWarnings() {
    return warnings;
  }

  /** All of them, in the server's order. */
  public List<ListenerState> getListeners() {
    return answer.listeners();
  }

  /** Those that match what is looked for, last active first, {@value #SESSIONS_SHOWN} at most. */
  public List<SessionState> getSessions() {
    return matching.subList(0, Math.min(matching.size(), SESSIONS_SHOWN));
  }

  /** How many match. */
  public int getMatchCount() {
    return matching.size();
  }

  /** How many there are. */
  public int getSessionCount() {
    return answer.sessions().size();
  }

  /** How many accounts are signed in. */
  public long getAccountsSignedIn() {
    return answer.sessions().stream()
        .map(SessionState::account)
        .filter(account -> account != null && !account.isEmpty())
        .distinct()
        .count();
  }

  /** How many accounts there are; null if that is not known. */
  public Integer getAccounts() {
    return accounts;
  }

  /** What is looked for among the sessions; empty for all. */
  public String getFind() {
    return find;
  }

  /** When the server said this; null if it never did. */
  public Instant getAt() {
    return answer.at();
  }

  /** Whether the server answers. */
  public boolean isCurrent() {
    return answer.current();
  }

  /** The first end of a certificate; null if no listener has one. */
  public Instant getCertificateEnd() {
    return answer.listeners().stream()
        .map(listener -> certificateEnd(listener).orElse(null))
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** How urgent the end of a certificate is: {@code ok}, {@code warn} or {@code err}. */
  public String certificateLevel(Instant end) {
    long days = words.daysUntil(end);
    return days < 0 ? "err" : days < CERTIFICATE_WARN_DAYS ? "warn" : "ok";
  }

  /** When the certificate of a listener ends. */
  static Optional<Instant> certificateEnd(ListenerState listener) {
    String text = listener.certificateExpires();
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
  }

  /** For the page, which knows no {@link Optional}: null if it has no certificate. */
  public Instant endOf(ListenerState listener) {
    return certificateEnd(listener).orElse(null);
  }
}
