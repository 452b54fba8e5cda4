package org.postrider.console;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import org.postrider.connector.SessionState;

/**
 * The page {@code session.xhtml}: one session, and the form that ends it. It lives as long as its
 * page, because what the page shows must not change between the question and the answer.
 */
@Named("sessionPage")
@ViewScoped
public class SessionPage implements Serializable {

  /** As much as a mail program shows of a {@code BYE}. */
  static final int REASON_MAX_CHARACTERS = 200;

  @Inject private MailServer server;
  @Inject private Words words;
  @Inject private Notice notice;

  private String id;
  private String reason;
  private transient SessionState session;

  /** Made by the container. */
  public SessionPage() {}

  SessionPage(MailServer server, Words words, Notice notice) {
    this.server = server;
    this.words = words;
    this.notice = notice;
  }

  /** Looks the session up. */
  public void load() {
    session =
        server.ask().sessions().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElse(null);
    if (reason == null) {
      reason = words.text("session.defaultReason");
    }
  }

  /**
   * Ends the session.
   *
   * @return the overview, which says what came of it
   */
  public String end() {
    String told = reason == null ? words.text("session.defaultReason") : reason;
    boolean ended = id != null && server.disconnect(id, line(told));
    notice.leave(ended ? words.with("session.ended", getWho()) : words.text("session.gone"));
    return "/index?faces-redirect=true";
  }

  /** One line without control characters, no longer than may be. */
  static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .map(character -> Character.isISOControl(character) ? ' ' : character)
        .limit(REASON_MAX_CHARACTERS)
        .forEach(line::appendCodePoint);
    return line.toString().strip();
  }

  /** Whose session it is. */
  public String getWho() {
    return session == null || session.account() == null || session.account().isEmpty()
        ? words.text("session.somebody")
        : session.account();
  }

  /** Null if it has ended. */
  public SessionState getSession() {
    return session;
  }

  /** As the server names it. */
  public String getId() {
    return id;
  }

  /** From the address of the page. */
  public void setId(String id) {
    this.id = id;
  }

  /** What the client will read. */
  public String getReason() {
    return reason;
  }

  /** What the client will read; empty for the usual words. */
  public void setReason(String reason) {
    this.reason = reason;
  }
}
