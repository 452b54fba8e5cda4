package org.postrider.auth.sasl;

import java.util.Optional;
import org.postrider.auth.TemporaryFailureException;

/**
 * One sign-in by one mechanism, the server's side: {@link #begin}, then {@link #answer} for each
 * message of the client while the step is a {@link SaslStep.Challenge}; then {@link #close}. One
 * thread at a time. No mechanism takes more than a few steps; whoever runs it counts them.
 *
 * <p>The octets of the client belong to the caller, who wipes them after the call.
 */
public interface SaslExchange extends AutoCloseable {

  /** The account name as the client gave it, for the log; empty until it is known. */
  String name();

  /**
   * The first step. Unless overridden it is the client who begins: with its initial response, or
   * asked by an empty challenge.
   *
   * @param initial the initial response, which may be empty; nothing if the client sent none
   * @throws TemporaryFailureException if it cannot be told who the client is
   */
  default SaslStep begin(Optional<byte[]> initial) throws TemporaryFailureException {
    return initial.isPresent() ? answer(initial.get()) : new SaslStep.Challenge(new byte[0]);
  }

  /**
   * The next step.
   *
   * @param response the client's message
   * @throws TemporaryFailureException if it cannot be told who the client is
   */
  SaslStep answer(byte[] response) throws TemporaryFailureException;

  /** Forgets what is secret; the exchange is over, or given up. */
  @Override
  default void close() {}
}
