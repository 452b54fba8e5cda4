package org.postrider.auth.sasl;

import org.postrider.auth.AccountPrincipal;

/** What the server says to a client's message. */
@SuppressWarnings("ArrayRecordComponent") // octets that go to the client at once
public sealed interface SaslStep {

  /** The exchange goes on with this. */
  record Challenge(byte[] octets) implements SaslStep {}

  /**
   * The client is this account.
   *
   * @param last what it still has to be told, by which the server proves itself; empty: nothing
   */
  record Accepted(AccountPrincipal account, byte[] last) implements SaslStep {

    /** There is nothing to add. */
    public Accepted(AccountPrincipal account) {
      this(account, new byte[0]);
    }
  }

  /**
   * The client is nobody, or not who it wants to be.
   *
   * @param last what the mechanism itself tells of it; empty: nothing
   */
  record Refused(Reason reason, byte[] last) implements SaslStep {

    /** There is nothing to add. */
    public Refused(Reason reason) {
      this(reason, new byte[0]);
    }
  }

  /**
   * What came is no message of this mechanism: the exchange is over.
   *
   * @param text a sentence for whoever wrote the client
   */
  record Malformed(String text) implements SaslStep {}

  /** Why somebody is refused. */
  enum Reason {
    /** No such account, or the proof is wrong: which of both is not told. */
    CREDENTIALS,
    /** The bearer token is not valid here, or its owner has no account. */
    TOKEN,
    /** The owner of the client certificate has no account. */
    CERTIFICATE,
    /** The Kerberos ticket is not accepted, or its owner has no account. */
    TICKET,
    /** The proof is right, or was not looked at: nobody may act for another account. */
    AUTHORIZATION
  }
}
