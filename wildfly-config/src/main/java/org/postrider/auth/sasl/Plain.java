package org.postrider.auth.sasl;

import java.util.Arrays;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.Evidence;
import org.postrider.auth.TemporaryFailureException;

/** A name and a password in one message: RFC 4616. */
final class Plain implements SaslExchange {

  static final SaslMechanism MECHANISM =
      new PasswordMechanism("PLAIN", (site, peer) -> new Plain(site, peer));

  private final SaslMechanisms site;
  private final SaslPeer peer;
  private String name = "";

  private Plain(SaslMechanisms site, SaslPeer peer) {
    this.site = site;
    this.peer = peer;
  }

  @Override
  public String name() {
    return name;
  }

  /** {@code message = [authzid] UTF8NUL authcid UTF8NUL passwd}: section 2. */
  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    int first = indexOfNul(response, 0);
    int second = first < 0 ? -1 : indexOfNul(response, first + 1);
    if (second < 0 || indexOfNul(response, second + 1) >= 0) {
      return new SaslStep.Malformed(
          "PLAIN is an authorization identity, a name and a password, with a NUL before the last"
              + " two.");
    }
    String authorization = Utf8.text(response, 0, first);
    String given = Utf8.text(response, first + 1, second);
    char[] password = Utf8.chars(response, second + 1, response.length);
    if (authorization == null || given == null || password == null) {
      return new SaslStep.Malformed("Names and passwords are in UTF-8; these are not.");
    }
    name = given;
    if (!peer.mayBe(authorization, name)) {
      Arrays.fill(password, '\0');
      return new SaslStep.Refused(SaslStep.Reason.AUTHORIZATION);
    }
    return check(site, peer, name, password);
  }

  /**
   * Checks a password.
   *
   * @param password is wiped
   */
  static SaslStep check(SaslMechanisms site, SaslPeer peer, String name, char[] password)
      throws TemporaryFailureException {
    try {
      Evidence evidence = new Evidence.Password(password);
      return new SaslStep.Accepted(site.chain().signIn(peer.request(name, evidence)).account());
    } catch (FailedLoginException rejected) {
      return new SaslStep.Refused(SaslStep.Reason.CREDENTIALS);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static int indexOfNul(byte[] message, int from) {
    for (int i = from; i < message.length; i++) {
      if (message[i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
