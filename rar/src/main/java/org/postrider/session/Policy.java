package org.postrider.session;

import java.util.List;
import org.postrider.mail.SignInSettings;
import org.postrider.wire.Limits;

/**
 * What an administrator decides about conversations.
 *
 * @param plaintextSignIn true where passwords may cross the network without TLS
 * @param plaintextSignInOnLoopback true where they may from this machine itself
 * @param beforeSignIn what somebody may make the server hold who has not signed in
 * @param signedIn the same for somebody who has; with the largest message taken by APPEND
 * @param signIn how somebody signs in
 * @param customs what the site's clients are used to
 * @param capabilities what CAPABILITY lists because of settings, beside what follows from commands
 */
public record Policy(
    boolean plaintextSignIn,
    boolean plaintextSignInOnLoopback,
    Limits beforeSignIn,
    Limits signedIn,
    SignInSettings signIn,
    Customs customs,
    List<String> capabilities) {

  /** TLS for everybody but this machine; messages up to {@link Limits#MESSAGE_OCTETS}. */
  public static final Policy DEFAULT =
      new Policy(false, true, Limits.BEFORE_SIGN_IN, Limits.SIGNED_IN, SignInSettings.DEFAULT);

  public Policy {
    capabilities = List.copyOf(capabilities);
  }

  /** With the usual customs. */
  public Policy(
      boolean plaintextSignIn,
      boolean plaintextSignInOnLoopback,
      Limits beforeSignIn,
      Limits signedIn,
      SignInSettings signIn) {
    this(
        plaintextSignIn,
        plaintextSignInOnLoopback,
        beforeSignIn,
        signedIn,
        signIn,
        Customs.DEFAULT,
        List.of());
  }

  /** The same with other customs. */
  public Policy with(Customs other) {
    return new Policy(
        plaintextSignIn,
        plaintextSignInOnLoopback,
        beforeSignIn,
        signedIn,
        signIn,
        other,
        capabilities);
  }

  /** The same, announcing more. */
  public Policy announcing(List<String> more) {
    return new Policy(
        plaintextSignIn, plaintextSignInOnLoopback, beforeSignIn, signedIn, signIn, customs, more);
  }

  /** True where a password may be sent over this link. */
  public boolean allowsPassword(Link link) {
    return link.secure()
        || plaintextSignIn
        || (plaintextSignInOnLoopback && link.client().getAddress().isLoopbackAddress());
  }
}
