package org.postrider.auth.sasl;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.login.FailedLoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.MessageProp;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.Evidence;
import org.postrider.auth.Kerberos;
import org.postrider.auth.SignInRequest;
import org.postrider.auth.TemporaryFailureException;

/**
 * A Kerberos ticket instead of a password: RFC 4752. The ticket is checked with the keys of the
 * keytab alone; no KDC is asked, and nothing waits for anybody but the client.
 *
 * <p>The client sends its token, the server answers with its own and offers what there is of
 * security layers, which is none: TLS protects the connection, and a connection without TLS stays
 * in clear text after a sign-in by ticket, as after any other. The client's choice comes with the
 * name of the account that it wants, which is empty or one of the names by which {@link
 * Kerberos#names} knows its principal.
 *
 * <p>No channel binding: section 3.2 forbids it. Tokens that were seen before are refused by the
 * JDK, which remembers them for as long as they are valid. Credentials that a client delegates are
 * not looked at.
 */
final class Gssapi implements SaslExchange {

  static final SaslMechanism MECHANISM = new Mechanism();

  private static final Logger LOG = System.getLogger(Gssapi.class.getName());

  /** A ticket with the group memberships of a large directory has some 12,000 octets. */
  private static final int TOKEN_MAX_OCTETS = 64 * 1024;

  /** Kerberos itself needs one. */
  private static final int TOKENS_MAX = 4;

  private static final byte NO_LAYER = 1;

  private final SaslMechanisms site;
  private final SaslPeer peer;
  private final Kerberos kerberos;
  private Awaited awaited = Awaited.TOKEN;
  private GSSCredential credential;
  private GSSContext context;
  private int tokens;
  private String name = "";

  /** What the client's next message is. */
  private enum Awaited {
    TOKEN,
    /** Nothing: the client has taken the server's last token. */
    NOTHING,
    CHOICE
  }

  private static final class Mechanism implements SaslMechanism {

    @Override
    public String name() {
      return "GSSAPI";
    }

    @Override
    public boolean needsPrivacy() {
      return false;
    }

    @Override
    public boolean isPossible(SaslMechanisms site, SaslPeer peer) {
      return site.chain().kerberos().hasKey();
    }

    @Override
    public SaslExchange open(SaslMechanisms site, SaslPeer peer) {
      return new Gssapi(site, peer);
    }
  }

  private Gssapi(SaslMechanisms site, SaslPeer peer) {
    this.site = site;
    this.peer = peer;
    this.kerberos = site.chain().kerberos();
  }

  /** The client's principal, with its realm. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    try {
      return switch (awaited) {
        case TOKEN -> accept(response);
        case NOTHING ->
            response.length == 0
                ? offer()
                : new SaslStep.Malformed("The answer to the server's last token is empty.");
        case CHOICE -> choose(response);
      };
    } catch (GSSException refused) {
      LOG.log(Level.INFO, "A Kerberos ticket was refused: {0}", refused.getMessage());
      return new SaslStep.Refused(SaslStep.Reason.TICKET);
    }
  }

  private SaslStep accept(byte[] token) throws GSSException, TemporaryFailureException {
    tokens++;
    if (token.length == 0 || token.length > TOKEN_MAX_OCTETS || tokens > TOKENS_MAX) {
      return new SaslStep.Malformed(
          "A token of GSSAPI has 1 to " + TOKEN_MAX_OCTETS + " octets, and few are needed.");
    }
    if (context == null) {
      credential = kerberos.acceptor();
      context = GSSManager.getInstance().createContext(credential);
    }
    byte[] answer = context.acceptSecContext(token, 0, token.length);
    boolean hasAnswer = answer != null && answer.length > 0;
    if (!context.isEstablished()) {
      return new SaslStep.Challenge(hasAnswer ? answer : new byte[0]);
    }
    String principal = context.getSrcName().toString();
    if (principal.chars().anyMatch(Character::isISOControl)) {
      return new SaslStep.Malformed("The name of an account has no control characters.");
    }
    name = principal;
    if (!context.getMech().equals(Kerberos.mechanism())) {
      return new SaslStep.Malformed("Only Kerberos V5 is spoken here.");
    }
    if (!isOurs(context.getTargName().toString())) {
      LOG.log(
          Level.INFO,
          "The ticket of {0} is for {1}, which is not this service.",
          name,
          context.getTargName());
      return new SaslStep.Refused(SaslStep.Reason.TICKET);
    }
    if (kerberos.names(name).isEmpty()) {
      LOG.log(
          Level.INFO,
          "{0} has a ticket, but nobody of that realm has mail here, only: {1}.",
          name,
          kerberos.realms());
      return new SaslStep.Refused(SaslStep.Reason.TICKET);
    }
    if (hasAnswer) {
      awaited = Awaited.NOTHING;
      return new SaslStep.Challenge(answer);
    }
    return offer();
  }

  /** Section 3.2: the keytab may hold keys of other services. */
  private static boolean isOurs(String target) {
    return target.startsWith(Kerberos.SERVICE + "/");
  }

  /** {@code octet of layers, 3 octets with the largest message that a layer may carry}. */
  private SaslStep offer() throws GSSException {
    awaited = Awaited.CHOICE;
    byte[] layers = {NO_LAYER, 0, 0, 0};
    return new SaslStep.Challenge(
        context.wrap(layers, 0, layers.length, new MessageProp(0, false)));
  }

  /** {@code octet of the layer, 3 octets, name of the account in UTF-8}. */
  private SaslStep choose(byte[] response) throws GSSException, TemporaryFailureException {
    if (response.length > TOKEN_MAX_OCTETS) {
      return new SaslStep.Malformed(
          "The choice of a layer has " + TOKEN_MAX_OCTETS + " octets at most.");
    }
    MessageProp properties = new MessageProp(0, false);
    byte[] choice = context.unwrap(response, 0, response.length, properties);
    // The size is not looked at: some clients tell theirs though no layer will need it.
    if (choice.length < 4 || choice[0] != NO_LAYER || properties.isDuplicateToken()) {
      return new SaslStep.Malformed("No security layer is offered, so none can be chosen.");
    }
    String authorization = Utf8.text(choice, 4, choice.length);
    if (authorization == null) {
      return new SaslStep.Malformed("The name of the account is in UTF-8; this is not.");
    }
    return lookUp(authorization);
  }

  /** By the name that is asked for first: all of them are the same person's. */
  private SaslStep lookUp(String authorization) throws TemporaryFailureException {
    List<String> names = new ArrayList<>(kerberos.names(name));
    boolean isOneOfThem = names.remove(authorization);
    if (isOneOfThem) {
      names.addFirst(authorization);
    }
    for (String known : names) {
      try {
        SignInRequest request = peer.request(known, new Evidence.Vouched());
        AccountPrincipal account = site.chain().signIn(request).account();
        return isOneOfThem || peer.mayBe(authorization, account.name())
            ? new SaslStep.Accepted(account)
            : new SaslStep.Refused(SaslStep.Reason.AUTHORIZATION);
      } catch (FailedLoginException unknown) {
        LOG.log(Level.DEBUG, "{0} is no account.", known);
      }
    }
    LOG.log(
        Level.INFO, "{0} has a ticket, but there is no account of any name in {1}.", name, names);
    return new SaslStep.Refused(SaslStep.Reason.TICKET);
  }

  @Override
  public void close() {
    try {
      if (context != null) {
        context.dispose();
      }
      if (credential != null) {
        credential.dispose();
      }
    } catch (GSSException neverHeld) {
      LOG.log(Level.DEBUG, "A Kerberos context could not be given back.", neverHeld);
    } finally {
      context = null;
      credential = null;
    }
  }
}
