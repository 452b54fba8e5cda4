package org.postrider.auth;

/** What somebody shows to prove that an account is theirs. */
public sealed interface Evidence {

  /**
   * A password.
   *
   * @param password overwritten by whoever made it, when the sign-in has ended
   */
  @SuppressWarnings("ArrayRecordComponent") // a password that can be wiped
  record Password(char[] password) implements Evidence {
    /** Says nothing of the password. */
    @Override
    public String toString() {
      return "Password";
    }
  }

  /**
   * The answer to a challenge, by RFC 2195 with one of three hash functions.
   *
   * @param hash the function
   * @param challenge as it was sent, decoded
   * @param digest as it came back, in octets: {@link CramHash#length} of them
   */
  @SuppressWarnings("ArrayRecordComponent") // lives as long as one sign-in
  record Cram(CramHash hash, byte[] challenge, byte[] digest) implements Evidence {}

  /**
   * Nothing yet: asks for the secret by which a SCRAM exchange (RFC 5802) will be checked. A module
   * that knows the account but keeps no such secret rejects.
   *
   * @param mechanism {@code SCRAM-SHA-1} or {@code SCRAM-SHA-256}
   */
  record Scram(String mechanism) implements Evidence {}

  /**
   * Something that is checked already: a client certificate, a Kerberos ticket, a signed token. The
   * module only tells whose account the name is.
   */
  record Vouched() implements Evidence {}
}
