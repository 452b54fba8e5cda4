package org.postrider.auth.oauth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * Tells whose a bearer token is, by {@code etc/oauth.properties}, which is read again when it
 * changes; without that file no token is anybody's. Any thread.
 */
public final class BearerTokens implements AutoCloseable {

  private static final Logger LOG = System.getLogger(BearerTokens.class.getName());

  private static final long SAY_AGAIN_NANOS = 60_000_000_000L;

  private final WatchedFile<Optional<OAuthSettings>> settings;
  private final Clock clock;
  private volatile InUse inUse;
  private volatile Said lastSaid;

  /** What was made of one state of the settings. */
  private record InUse(
      OAuthSettings settings, IssuerClient client, IssuerKeys keys, Introspection introspection) {

    static InUse of(OAuthSettings settings, Clock clock) {
      IssuerClient client = new IssuerClient();
      return settings.keys().isPresent()
          ? new InUse(settings, client, IssuerKeys.of(settings, client), null)
          : new InUse(settings, client, null, new Introspection(settings, client, clock));
    }
  }

  private record Said(String detail, long at) {}

  /**
   * Nothing is read yet.
   *
   * @param home the data directory
   */
  public BearerTokens(Path home) {
    this(home, Clock.systemUTC());
  }

  BearerTokens(Path home, Clock clock) {
    this.settings =
        new WatchedFile<>(
            DataDirectory.etc(home).resolve("oauth.properties"),
            Optional.empty(),
            file -> Optional.of(OAuthSettings.read(file)));
    this.clock = clock;
  }

  /** Whether tokens of some issuer are taken. Answers at once. */
  public boolean isPossible() {
    try {
      return settings.get().isPresent();
    } catch (TemporaryFailureException failed) {
      say(failed.detail());
      return false;
    }
  }

  /**
   * Whose account a token is for.
   *
   * @param token as it came, of any length that its caller takes
   * @throws TokenException if it is not valid here
   * @throws TemporaryFailureException if that cannot be told; the log has the reason
   */
  public String account(String token) throws TokenException, TemporaryFailureException {
    try {
      InUse current = current();
      return current.introspection == null
          ? ofSigned(current, token)
          : new Claims(current.introspection.claims(token), current.settings)
              .account(false, clock.instant());
    } catch (TokenException refused) {
      LOG.log(Level.INFO, "A bearer token is refused: {0}.", refused.getMessage());
      throw refused;
    } catch (TemporaryFailureException failed) {
      say(failed.detail());
      throw failed;
    }
  }

  private String ofSigned(InUse current, String text)
      throws TokenException, TemporaryFailureException {
    SignedToken token = SignedToken.parse(text);
    if (!current.settings.algorithms().contains(token.algorithm())) {
      throw new TokenException("its algorithm is none of " + current.settings.algorithms());
    }
    List<TokenKey> keys = current.keys.keys();
    if (!token.namesOneOf(keys)) {
      keys = current.keys.newest();
    }
    if (!token.isSignedBy(keys)) {
      throw new TokenException("none of the issuer's keys has signed it");
    }
    return new Claims(token.claims(), current.settings).account(true, clock.instant());
  }

  /**
   * The scope that a token must have, for clients whose token is refused; empty if none is asked.
   */
  public String scope() {
    return known().map(found -> String.join(" ", found.scopes())).orElse("");
  }

  /** Where clients learn how to get a token; empty if nothing is told. */
  public String discovery() {
    return known().map(OAuthSettings::discovery).orElse("");
  }

  private Optional<OAuthSettings> known() {
    try {
      return settings.get();
    } catch (TemporaryFailureException failed) {
      return Optional.empty();
    }
  }

  private InUse current() throws TemporaryFailureException {
    OAuthSettings now =
        settings
            .get()
            .orElseThrow(
                () ->
                    new TemporaryFailureException("There is no " + settings.path() + " any more."));
    InUse made = inUse;
    return made != null && made.settings.equals(now) ? made : renewed(now);
  }

  private synchronized InUse renewed(OAuthSettings now) {
    if (inUse == null || !inUse.settings.equals(now)) {
      close();
      inUse = InUse.of(now, clock);
    }
    return inUse;
  }

  private void say(String detail) {
    long now = System.nanoTime();
    Said said = lastSaid;
    if (said == null || !said.detail.equals(detail) || now - said.at > SAY_AGAIN_NANOS) {
      lastSaid = new Said(detail, now);
      LOG.log(Level.ERROR, "Tokens cannot be checked for the time being. {0}", detail);
    }
  }

  /** Ends the connections to the issuer. */
  @Override
  public synchronized void close() {
    if (inUse != null) {
      inUse.client.close();
      inUse = null;
    }
  }
}
