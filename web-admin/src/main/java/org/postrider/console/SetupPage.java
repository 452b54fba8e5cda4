package org.postrider.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The page {@code setup.xhtml}: who knows the code that the first start printed becomes the first
 * administrator. While there is an administrator, the page does not exist.
 */
@Named("setupPage")
@RequestScoped
public class SetupPage {

  /** The shortest password, in characters. */
  static final int PASSWORD_MIN_CHARACTERS = 12;

  private static final Logger LOG = System.getLogger(SetupPage.class.getName());
  private static final int INPUT_MAX_CHARACTERS = 512;
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,63}");

  /** What the gate counts instead of a name. It cannot be one: it has a space. */
  private static final String GATE = "the set-up code";

  @Inject private SignInGate gate;
  @Inject private DataFiles files;
  @Inject private Words words;
  @Inject private HttpServletRequest request;
  @Inject private Notice notice;

  private String code;
  private String name;
  private String password;
  private String again;

  /** Field to text, in the order of the fields; the key {@code form} stands for all of them. */
  private final Map<String, String> faults = new LinkedHashMap<>();

  /** Made by the container. */
  public SetupPage() {}

  SetupPage(
      SignInGate gate, DataFiles files, Words words, HttpServletRequest request, Notice notice) {
    this.gate = gate;
    this.files = files;
    this.words = words;
    this.request = request;
    this.notice = notice;
  }

  /** Answers 404 when there is nothing to set up. */
  public void arrive() throws IOException {
    if (isDone()) {
      FacesContext faces = FacesContext.getCurrentInstance();
      ExternalContext page = faces.getExternalContext();
      page.responseSendError(404, null);
      faces.responseComplete();
    }
  }

  private boolean isDone() {
    try {
      return files.hasAdministrator();
    } catch (IOException unreadable) {
      unreadable(unreadable);
      return false;
    }
  }

  private void unreadable(IOException failure) {
    LOG.log(Level.ERROR, "The console cannot be set up", failure);
    faults.put("form", words.text("setup.unreadable"));
  }

  /**
   * Makes the administrator.
   *
   * @return the sign-in page, or null to stay and show what is wrong
   */
  public String create() {
    checkFields();
    if (!faults.isEmpty()) {
      return null;
    }
    String address = request.getRemoteAddr();
    Duration wait = gate.begin(address, GATE);
    if (!wait.isZero()) {
      faults.put("form", words.with("wait", wait.toSeconds() + 1));
      return null;
    }
    char[] typedCode = code.toCharArray();
    char[] typedPassword = password.toCharArray();
    try {
      if (!isRight(typedCode)) {
        return null;
      }
      gate.succeeded(address, GATE);
      if (files.addFirstAdministrator(name, typedPassword)) {
        LOG.log(Level.INFO, "First administrator: {0}, from {1}", SignInPage.quoted(name), address);
        notice.leave(words.with("setup.done", name));
      }
      return "/sign-in?faces-redirect=true";
    } catch (IllegalArgumentException unusable) {
      LOG.log(Level.DEBUG, "Name or password refused", unusable);
      faults.put("form", unusable.getMessage());
    } catch (IOException failure) {
      unreadable(failure);
    } finally {
      Arrays.fill(typedCode, '\0');
      Arrays.fill(typedPassword, '\0');
      password = null;
      again = null;
    }
    return null;
  }

  private boolean isRight(char[] typed) throws IOException {
    switch (files.checkSetupCode(typed)) {
      case RIGHT -> {
        return true;
      }
      case WRONG -> faults.put("code", words.text("setup.code.wrong"));
      case TOO_MANY -> faults.put("form", words.text("setup.code.tooMany"));
      case NONE -> faults.put("form", words.text("setup.code.none"));
    }
    LOG.log(Level.WARNING, "Set-up code refused, from {0}", request.getRemoteAddr());
    return false;
  }

  private void checkFields() {
    if (code == null || code.length() > INPUT_MAX_CHARACTERS) {
      faults.put("code", words.text("setup.code.missing"));
    }
    if (name == null || !NAME.matcher(name).matches()) {
      faults.put("name", words.text("setup.name.fault"));
    }
    if (password == null || password.length() < PASSWORD_MIN_CHARACTERS) {
      faults.put("password", words.with("setup.password.short", PASSWORD_MIN_CHARACTERS));
    } else if (password.length() > INPUT_MAX_CHARACTERS) {
      faults.put("password", words.with("setup.password.long", INPUT_MAX_CHARACTERS));
    } else if (password.equalsIgnoreCase(name)) {
      faults.put("password", words.text("setup.password.name"));
    } else if (password.chars().distinct().count() < 5) {
      faults.put("password", words.text("setup.password.same"));
    } else if (!password.equals(again)) {
      faults.put("again", words.text("setup.again.fault"));
    }
  }

  /** What is wrong: a field's name, or {@code form}, to a text. */
  public Map<String, String> getFaults() {
    return faults;
  }

  /** For the page. */
  public int getPasswordMinCharacters() {
    return PASSWORD_MIN_CHARACTERS;
  }

  /** What was typed as code. */
  public String getCode() {
    return code;
  }

  /** As typed. */
  public void setCode(String code) {
    this.code = code;
  }

  /** What was typed as name. */
  public String getName() {
    return name;
  }

  /** As typed. */
  public void setName(String name) {
    this.name = name == null ? null : name.strip();
  }

  /** Never shown again. */
  public String getPassword() {
    return null;
  }

  /** As typed. */
  public void setPassword(String password) {
    this.password = password;
  }

  /** Never shown again. */
  public String getAgain() {
    return null;
  }

  /** The password once more. */
  public void setAgain(String again) {
    this.again = again;
  }
}
