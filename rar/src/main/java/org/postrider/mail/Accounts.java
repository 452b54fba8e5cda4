package org.postrider.mail;

import java.util.List;

/** Who may come in. */
public interface Accounts {

  /**
   * The SASL mechanisms to announce to somebody, by which they may succeed: {@code PLAIN}. Answers
   * at once.
   */
  List<String> mechanisms(Peer peer);

  /**
   * Begins a sign-in. PLAIN is always there, as LOGIN is it by another command; others may be there
   * without having been announced.
   *
   * @param mechanism in capitals
   * @return to be closed
   * @throws MailException {@code [CANNOT]}: there is no such mechanism here; {@code
   *     [PRIVACYREQUIRED]}: not in clear text
   */
  SignInExchange signIn(String mechanism, Peer peer) throws MailException;

  /** An account that had signed in has said LOGOUT. Answers at once. */
  void signedOut(Account account);
}
