package org.postrider.auth.sasl;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postrider.auth.AuthChain;
import org.postrider.auth.oauth.BearerTokens;

/** The mechanisms of this server, over the accounts of one chain. Any thread. */
public final class SaslMechanisms implements AutoCloseable {

  /** In the order in which they are announced. To add one: its file, and a line here. */
  private static final List<SaslMechanism> ALL =
      List.of(
          External.MECHANISM,
          Gssapi.MECHANISM,
          OAuthBearer.MECHANISM,
          OAuthBearer.XOAUTH2,
          Scram.SHA256_PLUS,
          Scram.SHA1_PLUS,
          Scram.SHA256,
          Scram.SHA1,
          Cram.SHA256,
          Cram.SHA1,
          Cram.MD5,
          Plain.MECHANISM,
          LoginMechanism.MECHANISM);

  private static final Logger LOG = System.getLogger(SaslMechanisms.class.getName());

  private final Path home;
  private final AuthChain chain;
  private final ScramSalts salts;
  private final BearerTokens tokens;
  private volatile Set<String> said = Set.of();

  /**
   * Nothing is read yet.
   *
   * @param home the data directory
   */
  public SaslMechanisms(Path home, AuthChain chain) {
    this.home = home;
    this.chain = chain;
    this.salts = new ScramSalts(home);
    this.tokens = new BearerTokens(home);
  }

  /** The data directory. */
  Path home() {
    return home;
  }

  /** The accounts. */
  AuthChain chain() {
    return chain;
  }

  /** The salts of those who have none. */
  ScramSalts salts() {
    return salts;
  }

  /** Whose tokens are whose. */
  BearerTokens tokens() {
    return tokens;
  }

  /** What this peer is told: wanted by the administrator, and of use on this connection. */
  public List<String> announced(SaslPeer peer) {
    sayUnknown(peer.wanted());
    return ALL.stream()
        .filter(mechanism -> isAnnounced(mechanism, peer))
        .map(SaslMechanism::name)
        .toList();
  }

  /** Tells the administrator of a name that is none: once. */
  private void sayUnknown(Set<String> wanted) {
    if (wanted.equals(said)) {
      return;
    }
    said = wanted;
    for (String name : wanted) {
      if (find(name).isEmpty()) {
        LOG.log(
            Level.WARNING,
            "There is no SASL mechanism {0} here, so it is not announced; there are {1}.",
            name,
            ALL.stream().map(SaslMechanism::name).toList());
      }
    }
  }

  private boolean isAnnounced(SaslMechanism mechanism, SaslPeer peer) {
    return peer.wanted().contains(mechanism.name())
        && (peer.allowsPassword() || !mechanism.needsPrivacy())
        && mechanism.isPossible(this, peer);
  }

  /** Whether this peer has been told of a mechanism. */
  boolean isAnnounced(String name, SaslPeer peer) {
    return find(name).filter(mechanism -> isAnnounced(mechanism, peer)).isPresent();
  }

  /**
   * Begins a sign-in, announced or not, as Courier does.
   *
   * @param name in capitals
   * @return empty if there is no such mechanism here, or none for this peer
   * @throws PrivacyRequiredException if it is one that would show a password to the network
   */
  public Optional<SaslExchange> open(String name, SaslPeer peer) throws PrivacyRequiredException {
    Optional<SaslMechanism> found = find(name);
    if (found.isPresent() && found.get().needsPrivacy() && !peer.allowsPassword()) {
      throw new PrivacyRequiredException();
    }
    return found
        .filter(mechanism -> mechanism.isPossible(this, peer))
        .map(mechanism -> mechanism.open(this, peer));
  }

  private static Optional<SaslMechanism> find(String name) {
    return ALL.stream().filter(mechanism -> mechanism.name().equals(name)).findFirst();
  }

  /** Ends what is open to other servers; the chain is its owner's. */
  @Override
  public void close() {
    tokens.close();
  }
}
