package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import org.postrider.auth.TemporaryFailureException;

/**
 * A name and a password, asked for one after the other: what older mail programs have instead of
 * PLAIN, never written down in an RFC. A name may come as the initial response.
 */
final class LoginMechanism implements SaslExchange {

  static final SaslMechanism MECHANISM =
      new PasswordMechanism("LOGIN", (site, peer) -> new LoginMechanism(site, peer));

  private static final byte[] NAME_PROMPT = "Username:".getBytes(US_ASCII);
  private static final byte[] PASSWORD_PROMPT = "Password:".getBytes(US_ASCII);

  private final SaslMechanisms site;
  private final SaslPeer peer;
  private String name;

  private LoginMechanism(SaslMechanisms site, SaslPeer peer) {
    this.site = site;
    this.peer = peer;
  }

  @Override
  public String name() {
    return name == null ? "" : name;
  }

  @Override
  public SaslStep begin(Optional<byte[]> initial) throws TemporaryFailureException {
    return initial.isPresent() ? answer(initial.get()) : new SaslStep.Challenge(NAME_PROMPT);
  }

  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    if (name == null) {
      name = Utf8.text(response, 0, response.length);
      return name == null ? notUtf8() : new SaslStep.Challenge(PASSWORD_PROMPT);
    }
    char[] password = Utf8.chars(response, 0, response.length);
    return password == null ? notUtf8() : Plain.check(site, peer, name, password);
  }

  private static SaslStep notUtf8() {
    return new SaslStep.Malformed("Names and passwords are in UTF-8; this one is not.");
  }
}
