package org.postrider.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * The page {@code sign-in.xhtml}. The container checks name and password by the security domain of
 * the application; it does so on our call and not at {@code j_security_check}, which is closed, so
 * that guessing can be made slow.
 */
@Named("signInPage")
@RequestScoped
public class SignInPage {

  /** The role that every page asks for. */
  static final String ROLE = "administrator";

  private static final Logger LOG = System.getLogger(SignInPage.class.getName());
  private static final int INPUT_MAX_CHARACTERS = 512;

  @Inject private SignInGate gate;
  @Inject private DataFiles files;
  @Inject private Words words;
  @Inject private HttpServletRequest request;

  private String name;
  private String password;
  private String fault;

  /** Made by the container. */
  public SignInPage() {}

  SignInPage(SignInGate gate, DataFiles files, Words words, HttpServletRequest request) {
    this.gate = gate;
    this.files = files;
    this.words = words;
    this.request = request;
  }

  /** Leads away who is signed in already, and who must set the console up first. */
  public void arrive() throws IOException {
    ExternalContext page = FacesContext.getCurrentInstance().getExternalContext();
    if (request.getRemoteUser() != null) {
      page.redirect(page.getRequestContextPath() + "/");
    } else if (needsSetup()) {
      page.redirect(page.getRequestContextPath() + "/setup");
    }
  }

  private boolean needsSetup() {
    try {
      return !files.hasAdministrator();
    } catch (IOException unreadable) {
      LOG.log(Level.WARNING, "The administrators cannot be read: {0}", unreadable.getMessage());
      fault = words.text("signIn.unreadable");
      return false;
    }
  }

  /**
   * Signs in.
   *
   * @return the overview, or null to stay and show why not
   */
  public String signIn() {
    if (name == null || password == null) {
      fault = words.text("signIn.both");
      return null;
    }
    String address = request.getRemoteAddr();
    Duration wait = gate.begin(address, name);
    if (!wait.isZero()) {
      fault = words.with("wait", wait.toSeconds() + 1);
      return null;
    }
    if (!isAdministrator()) {
      LOG.log(Level.INFO, "Console sign-in refused: {0} from {1}", quoted(name), address);
      fault = words.text("signIn.refused");
      return null;
    }
    gate.succeeded(address, name);
    HttpSession session = request.getSession();
    OpenSessions.of(request.getServletContext()).signedIn(session);
    request.changeSessionId();
    LOG.log(Level.INFO, "Console sign-in: {0} from {1}", quoted(name), address);
    return "/index?faces-redirect=true";
  }

  private boolean isAdministrator() {
    if (name.length() > INPUT_MAX_CHARACTERS || password.length() > INPUT_MAX_CHARACTERS) {
      return false;
    }
    try {
      request.login(name, password);
      if (request.isUserInRole(ROLE)) {
        return true;
      }
      request.logout();
    } catch (ServletException refused) {
      // The log has the container's reason; a client may not have it.
      LOG.log(Level.DEBUG, "Refused by the security domain", refused);
    } finally {
      password = null;
    }
    return false;
  }

  /** A name that a client typed, for the log: no control characters, not long. */
  static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    name.codePoints()
        .limit(80)
        .map(character -> Character.isISOControl(character) ? '?' : character)
        .forEach(quoted::appendCodePoint);
    return quoted.append('"').toString();
  }

  /** Whether the sign-out led here. */
  public boolean isSignedOut() {
    return fault == null && request.getParameter("signed-out") != null;
  }

  /** Why it did not work; null if nothing went wrong. */
  public String getFault() {
    return fault;
  }

  /** What was typed as name. */
  public String getName() {
    return name;
  }

  /** As typed. */
  public void setName(String name) {
    this.name = name;
  }

  /** Never shown again. */
  public String getPassword() {
    return null;
  }

  /** As typed. */
  public void setPassword(String password) {
    this.password = password;
  }
}
