package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.Evidence;
import org.postrider.auth.SaslPrep;
import org.postrider.auth.ScramHash;
import org.postrider.auth.ScramSecret;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * The client proves that it knows the password, and the server that it knows the account, without
 * either of them sending it: RFC 5802, with SHA-256 by RFC 7677; the {@code -PLUS} forms also that
 * nobody sits between the two.
 *
 * <p>A name that is not there gets an exchange like any other, which fails at its end.
 */
final class Scram implements SaslExchange {

  static final SaslMechanism SHA1 = new Mechanism(ScramHash.SHA1, false);
  static final SaslMechanism SHA1_PLUS = new Mechanism(ScramHash.SHA1, true);
  static final SaslMechanism SHA256 = new Mechanism(ScramHash.SHA256, false);
  static final SaslMechanism SHA256_PLUS = new Mechanism(ScramHash.SHA256, true);

  private static final Logger LOG = System.getLogger(Scram.class.getName());

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_OCTETS = 18;

  private final Mechanism mechanism;
  private final SaslMechanisms site;
  private final SaslPeer peer;
  private final String nonce;
  private ScramMessages.First first;
  private String name = "";

  /** What the server said first. */
  private String serverFirst;

  /** What is known of the name; null if nothing is. */
  private Known known;

  /** An account, and by what its client is checked: one of both. */
  private record Known(AccountPrincipal account, Optional<ScramSecret> stored, String clear) {

    static Known of(StoredAccount found, ScramHash hash) {
      Secrets secrets = found.secrets();
      String text = secrets.contexts().get(hash.field());
      Optional<ScramSecret> stored =
          Optional.ofNullable(text)
              .flatMap(ScramSecret::parse)
              .filter(secret -> secret.hash() == hash);
      if (text != null && stored.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "Account {0} has a field {1}pw that is no secret of {2}; userdbpw makes one.",
            found.account().name(),
            hash.field(),
            hash.mechanism());
      }
      String clear = secrets.clear().orElse(null);
      return stored.isEmpty() && clear == null ? null : new Known(found.account(), stored, clear);
    }
  }

  private record Mechanism(ScramHash hash, boolean plus) implements SaslMechanism {

    @Override
    public String name() {
      return hash.mechanism() + (plus ? "-PLUS" : "");
    }

    @Override
    public boolean needsPrivacy() {
      return false;
    }

    @Override
    public boolean isPossible(SaslMechanisms site, SaslPeer peer) {
      return site.chain().serves(hash.mechanism()) && (!plus || ChannelBinding.isPossible(peer));
    }

    @Override
    public SaslExchange open(SaslMechanisms site, SaslPeer peer) {
      byte[] random = new byte[NONCE_OCTETS];
      RANDOM.nextBytes(random);
      return new Scram(this, site, peer, Base64.getEncoder().encodeToString(random));
    }
  }

  private Scram(Mechanism mechanism, SaslMechanisms site, SaslPeer peer, String nonce) {
    this.mechanism = mechanism;
    this.site = site;
    this.peer = peer;
    this.nonce = nonce;
  }

  /** With the nonce of an example. */
  static SaslExchange withNonce(ScramHash hash, SaslMechanisms site, SaslPeer peer, String nonce) {
    return new Scram(new Mechanism(hash, false), site, peer, nonce);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    return first == null ? first(response) : last(response);
  }

  private SaslStep first(byte[] response) throws TemporaryFailureException {
    Optional<ScramMessages.First> read = ScramMessages.first(response);
    if (read.isEmpty()) {
      return new SaslStep.Malformed("This is no client-first-message of SCRAM (RFC 5802).");
    }
    first = read.get();
    name = SaslPrep.prepare(first.name()).orElse(first.name());
    Optional<String> error = bindingError();
    if (error.isPresent()) {
      return refused(error.get());
    }
    known = lookUp();
    Optional<ScramSecret> stored = known == null ? Optional.empty() : known.stored();
    serverFirst =
        "r="
            + first.nonce()
            + nonce
            + ",s="
            + Base64.getEncoder().encodeToString(stored.map(ScramSecret::salt).orElse(madeUpSalt()))
            + ",i="
            + stored.map(ScramSecret::iterations).orElse(ScramSecret.ITERATIONS);
    return new SaslStep.Challenge(serverFirst.getBytes(UTF_8));
  }

  /**
   * What is wrong with the client's wish for channel binding: section 6. A client that thinks that
   * there is none, although it was told of it, has been talking to somebody in the middle.
   */
  private Optional<String> bindingError() {
    if (mechanism.plus() != first.bindsChannel()) {
      return Optional.of(mechanism.plus() ? "channel-binding-not-supported" : "other-error");
    }
    if (first.bindsChannel()) {
      return ChannelBinding.data(first.binding(), peer).isEmpty()
          ? Optional.of("unsupported-channel-binding-type")
          : Optional.empty();
    }
    return first.binding().equals("y")
            && site.isAnnounced(mechanism.hash().mechanism() + "-PLUS", peer)
        ? Optional.of("server-does-support-channel-binding")
        : Optional.empty();
  }

  private Known lookUp() throws TemporaryFailureException {
    try {
      Evidence question = new Evidence.Scram(mechanism.hash().mechanism());
      return Known.of(site.chain().signIn(peer.request(name, question)), mechanism.hash());
    } catch (FailedLoginException unknown) {
      return null;
    }
  }

  private byte[] madeUpSalt() {
    return site.salts().of(mechanism.hash(), peer.domain().complete(name));
  }

  private SaslStep last(byte[] response) {
    Optional<ScramMessages.Final> read = ScramMessages.last(response);
    if (read.isEmpty()) {
      return new SaslStep.Malformed("This is no client-final-message of SCRAM (RFC 5802).");
    }
    ScramMessages.Final last = read.get();
    if (!last.nonce().equals(first.nonce() + nonce)) {
      return refused("other-error");
    }
    if (!MessageDigest.isEqual(last.binding(), expectedBinding())) {
      return refused("channel-bindings-dont-match");
    }
    byte[] message = (first.bare() + "," + serverFirst + "," + last.withoutProof()).getBytes(UTF_8);
    ScramSecret secret = secret();
    if (!secret.fits(message, last.proof()) || known == null) {
      return refused("invalid-proof");
    }
    if (!peer.mayBe(first.authorization(), first.name())) {
      return new SaslStep.Refused(SaslStep.Reason.AUTHORIZATION, "e=other-error".getBytes(UTF_8));
    }
    String signature = Base64.getEncoder().encodeToString(secret.serverSignature(message));
    return new SaslStep.Accepted(known.account(), ("v=" + signature).getBytes(UTF_8));
  }

  /** Computed only now, so that the first answer takes as long for every name. */
  private ScramSecret secret() {
    if (known != null && known.stored().isPresent()) {
      return known.stored().get();
    }
    char[] password = (known == null ? "nobody" : known.clear()).toCharArray();
    return ScramSecret.of(mechanism.hash(), password, madeUpSalt(), ScramSecret.ITERATIONS);
  }

  private byte[] expectedBinding() {
    ByteArrayOutputStream binding = new ByteArrayOutputStream();
    binding.writeBytes(first.header().getBytes(UTF_8));
    if (first.bindsChannel()) {
      binding.writeBytes(ChannelBinding.data(first.binding(), peer).orElseThrow());
    }
    return binding.toByteArray();
  }

  private static SaslStep refused(String error) {
    return new SaslStep.Refused(SaslStep.Reason.CREDENTIALS, ("e=" + error).getBytes(UTF_8));
  }

  @Override
  public void close() {
    known = null;
  }
}
