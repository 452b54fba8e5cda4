package org.postrider.mail;

import java.net.InetAddress;

/** Who may come in. */
public interface Accounts {

  /**
   * Checks a name and a password. A failure has the same text and takes the same time whether the name is known or not.
   * Slowing down repeated failures is the caller's work: {@link #penalty}.
   *
   * @param password wiped by the caller, afterwards
   * @throws MailException {@code [AUTHENTICATIONFAILED]}: rejected; {@code [UNAVAILABLE]}: it could not be checked now
   */
  Account signIn(String name, char[] password, InetAddress client) throws MailException;

  /**
   * How long the answer to a failed sign-in has to wait, by what went wrong before from this address and for this name.
   *
   * @return milliseconds, at least 2,000 after a failure
   */
  long penalty(String name, InetAddress client);
}
