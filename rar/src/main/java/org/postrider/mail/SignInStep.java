package org.postrider.mail;

/** What the application says to a step of a sign-in. */
@SuppressWarnings("ArrayRecordComponent") // octets that go to the client at once
public sealed interface SignInStep {

  /** The client is to answer this. */
  record Challenge(byte[] octets) implements SignInStep {}

  /**
   * The client is in.
   *
   * @param delayMillis how long the answer has to wait: while somebody at this address is guessing,
   *     no answer at once would mean "wrong"
   * @param last to be sent as a challenge, and answered by nothing, before the OK; empty: nothing
   */
  record Accepted(Account account, long delayMillis, byte[] last) implements SignInStep {}

  /**
   * The client is not in.
   *
   * @param name as the client gave it; empty where it did not get so far
   * @param reason what it reads; the same, after the same time, whether the name is known or not
   * @param delayMillis how long the answer has to wait, so that guessing is slow
   * @param last to be sent as a challenge, and answered by anything, before the NO; empty: nothing
   */
  record Refused(String name, MailException reason, long delayMillis, byte[] last)
      implements SignInStep {}

  /**
   * What the client sent is no message of the mechanism.
   *
   * @param text a sentence for whoever wrote the client
   */
  record Malformed(String text) implements SignInStep {}
}
