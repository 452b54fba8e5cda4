package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.Evidence;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.oauth.BearerTokens;
import org.postrider.auth.oauth.TokenException;

/**
 * A token that an issuer gave to the client, in place of a password: OAUTHBEARER (RFC 7628), and
 * XOAUTH2, its forerunner, which many mail programs still prefer. Why a token is refused is told in
 * a last challenge.
 */
final class OAuthBearer implements SaslExchange {

  static final SaslMechanism MECHANISM = new Mechanism("OAUTHBEARER", OAuthMessage::ofBearer, true);
  static final SaslMechanism XOAUTH2 = new Mechanism("XOAUTH2", OAuthMessage::ofXoauth2, false);

  private final Mechanism mechanism;
  private final SaslMechanisms site;
  private final SaslPeer peer;
  private String name = "";

  /**
   * @param standard whether errors are those of RFC 7628
   */
  private record Mechanism(
      String name, Function<byte[], Optional<OAuthMessage>> reading, boolean standard)
      implements SaslMechanism {

    /** A token is as good as a password while it lasts: RFC 6750 section 5.3. */
    @Override
    public boolean needsPrivacy() {
      return true;
    }

    @Override
    public boolean isPossible(SaslMechanisms site, SaslPeer peer) {
      return site.tokens().isPossible();
    }

    @Override
    public SaslExchange open(SaslMechanisms site, SaslPeer peer) {
      return new OAuthBearer(this, site, peer);
    }
  }

  private OAuthBearer(Mechanism mechanism, SaslMechanisms site, SaslPeer peer) {
    this.mechanism = mechanism;
    this.site = site;
    this.peer = peer;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    Optional<OAuthMessage> read = mechanism.reading.apply(response);
    if (read.isEmpty()) {
      return new SaslStep.Malformed("This is no message of " + mechanism.name() + ".");
    }
    OAuthMessage message = read.get();
    name = message.authorization();
    try {
      String account = site.tokens().account(message.token());
      if (!peer.mayBe(message.authorization(), account)) {
        return new SaslStep.Refused(SaslStep.Reason.AUTHORIZATION, error("invalid_token"));
      }
      name = account;
      AccountPrincipal found =
          site.chain().signIn(peer.request(account, new Evidence.Vouched())).account();
      return new SaslStep.Accepted(found);
    } catch (TokenException refused) {
      return new SaslStep.Refused(SaslStep.Reason.TOKEN, error(refused.status()));
    } catch (FailedLoginException unknown) {
      return new SaslStep.Refused(SaslStep.Reason.TOKEN, error("invalid_token"));
    }
  }

  /** RFC 7628 section 3.2.2. */
  private byte[] error(String status) {
    BearerTokens tokens = site.tokens();
    Map<String, String> members = new LinkedHashMap<>();
    members.put("status", mechanism.standard ? status : "400");
    members.put("schemes", "bearer");
    members.put("scope", tokens.scope());
    if (mechanism.standard && !tokens.discovery().isEmpty()) {
      members.put("openid-configuration", tokens.discovery());
    }
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ":" + quoted(member.getValue()))
        .collect(Collectors.joining(",", "{", "}"))
        .getBytes(UTF_8);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
