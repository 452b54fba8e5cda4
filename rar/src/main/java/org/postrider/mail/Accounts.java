package org.postrider.mail;

import java.net.InetAddress;

/** Who may come in. */
public interface Accounts {

  /**
   * Checks a name and a password. A failure has the same text and takes the same time whether the
   * name is known or not. Slowing down guesses is the caller's work: {@link #answerDelay}.
   *
   * @param password wiped by the caller, afterwards
   * @throws MailException {@code [AUTHENTICATIONFAILED]}: rejected; {@code [UNAVAILABLE]}: it could
   *     not be checked now
   */
  Account signIn(String name, char[] password, InetAddress client) throws MailException;

  /**
   * How long the answer to a sign-in has to wait, by what went wrong before from this address and
   * for this name. An accepted one waits as well while somebody at that address is guessing: else
   * no answer at once would mean "wrong".
   *
   * @param accepted whether it was
   * @return milliseconds; at least 2,000 after a refusal, 0 for an accepted one where nothing went
   *     wrong before
   */
  long answerDelay(String name, InetAddress client, boolean accepted);
}
