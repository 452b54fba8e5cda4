package org.postrider.mail;

import java.util.Optional;

/**
 * One sign-in by one SASL mechanism (RFC 4422), the application's side. Each step is asked through
 * the {@link MailListener}; one thread at a time. The octets of the client belong to the caller,
 * who wipes them.
 */
public interface SignInExchange extends AutoCloseable {

  /**
   * The first step.
   *
   * @param initial what the client sent with its command, which may be empty; nothing if it sent
   *     none
   * @throws MailException {@code [UNAVAILABLE]}: it can't be checked now; others: the account is
   *     who it says, but may not come in
   */
  SignInStep begin(Optional<byte[]> initial) throws MailException;

  /**
   * The next step.
   *
   * @param response what the client answered to a challenge
   * @throws MailException as {@link #begin}
   */
  SignInStep answer(byte[] response) throws MailException;

  /** It is over, or given up. */
  @Override
  void close();
}
