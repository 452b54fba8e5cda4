package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.CramHash;
import org.postrider.auth.Evidence;
import org.postrider.auth.TemporaryFailureException;

/**
 * The answer to a challenge instead of the password: RFC 2195, with MD5 and with the two functions
 * that Courier has besides. The challenge has Courier's form.
 */
final class Cram implements SaslExchange {

  static final SaslMechanism MD5 = new Mechanism(CramHash.MD5);
  static final SaslMechanism SHA1 = new Mechanism(CramHash.SHA1);
  static final SaslMechanism SHA256 = new Mechanism(CramHash.SHA256);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final CramHash hash;
  private final SaslMechanisms site;
  private final SaslPeer peer;
  private final byte[] challenge;
  private String name = "";

  private record Mechanism(CramHash hash) implements SaslMechanism {

    @Override
    public String name() {
      return hash.mechanism();
    }

    @Override
    public boolean needsPrivacy() {
      return false;
    }

    @Override
    public boolean isPossible(SaslMechanisms site, SaslPeer peer) {
      return site.chain().serves(name());
    }

    @Override
    public SaslExchange open(SaslMechanisms site, SaslPeer peer) {
      return new Cram(hash, site, peer);
    }
  }

  private Cram(CramHash hash, SaslMechanisms site, SaslPeer peer) {
    this.hash = hash;
    this.site = site;
    this.peer = peer;
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    this.challenge =
        ("<" + HexFormat.of().withUpperCase().formatHex(random) + "@" + peer.host() + ">")
            .getBytes(US_ASCII);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SaslStep begin(Optional<byte[]> initial) {
    return initial.isPresent() && initial.get().length > 0
        ? new SaslStep.Malformed(hash.mechanism() + " begins with the server's challenge.")
        : new SaslStep.Challenge(challenge);
  }

  /** The name, a space, and the digest in hexadecimal; the name may have spaces. */
  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    int space = response.length - 1;
    while (space >= 0 && response[space] != ' ') {
      space--;
    }
    String given = space < 0 ? null : Utf8.text(response, 0, space);
    byte[] digest = given == null ? new byte[0] : digest(response, space + 1);
    if (digest.length != hash.length()) {
      return new SaslStep.Malformed(
          "The answer to a challenge is the name, a space and "
              + 2 * hash.length()
              + " hexadecimal digits.");
    }
    name = given;
    try {
      Evidence evidence = new Evidence.Cram(hash, challenge, digest);
      return new SaslStep.Accepted(site.chain().signIn(peer.request(name, evidence)).account());
    } catch (FailedLoginException rejected) {
      return new SaslStep.Refused(SaslStep.Reason.CREDENTIALS);
    }
  }

  private static byte[] digest(byte[] response, int from) {
    try {
      return HexFormat.of().parseHex(new String(response, from, response.length - from, US_ASCII));
    } catch (IllegalArgumentException noHexadecimal) {
      return new byte[0];
    }
  }
}
