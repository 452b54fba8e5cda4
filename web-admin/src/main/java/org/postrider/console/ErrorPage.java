package org.postrider.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The page {@code error.xhtml}: what happened and what to do, never how our code looks inside. Our
 * own faults get an incident number, which is in the log with the cause.
 */
@Named("errorPage")
@RequestScoped
public class ErrorPage {

  private static final Logger LOG = System.getLogger(ErrorPage.class.getName());

  @Inject private HttpServletRequest request;

  private String kind;
  private String incident;

  /** Made by the container. */
  public ErrorPage() {}

  ErrorPage(HttpServletRequest request) {
    this.request = request;
  }

  /**
   * Which texts fit: {@code expired}, {@code missing}, {@code denied}, {@code refused} or {@code
   * broken}.
   */
  public String getKind() {
    if (kind == null) {
      kind = find();
      if (kind.equals("broken")) {
        note();
      }
    }
    return kind;
  }

  /** The number under which the log has the cause; null if it was not our fault. */
  public String getIncident() {
    getKind();
    return incident;
  }

  private String find() {
    return switch (request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE)) {
      case Integer status when status == 410 -> "expired";
      case Integer status when status == 404 -> "missing";
      case Integer status when status == 401 || status == 403 -> "denied";
      case Integer status when status >= 400 && status < 500 -> "refused";
      case null -> "missing"; // Somebody asked for the page itself.
      default -> "broken";
    };
  }

  private void note() {
    byte[] random = new byte[4];
    ThreadLocalRandom.current().nextBytes(random);
    incident = HexFormat.of().formatHex(random);
    LOG.log(
        Level.ERROR,
        "Incident "
            + incident
            + " at "
            + SignInPage.quoted(
                String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))),
        (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION));
  }
}
