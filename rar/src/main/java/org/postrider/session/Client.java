package org.postrider.session;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.mail.Peer;
import org.postrider.protocol.Response;
import org.postrider.protocol.Tag;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;

/**
 * The client at the other end of a conversation: where it is, what it said of itself, what it has
 * enabled. Lives as long as its connection.
 *
 * <p>Belongs to the conversation's thread, but for {@link #speaking}: whoever holds that lock may
 * write to the client.
 */
public final class Client {

  private static final System.Logger LOG = System.getLogger(Client.class.getName());

  private final Link link;
  private final MailListener mail;
  private final CommandTable commands;
  private final Policy policy;
  private final ReentrantLock speaking = new ReentrantLock();
  private CommandReader reader;
  private ResponseWriter writer;
  private volatile Map<String, String> id = Map.of();
  private final Set<Workaround> workarounds = EnumSet.noneOf(Workaround.class);
  private Tag running;
  private int refusedSignIns;

  Client(Link link, MailListener mail, CommandTable commands, Policy policy) {
    this.link = link;
    this.mail = mail;
    this.commands = commands;
    this.policy = policy;
    useStreams();
  }

  /** Reads and writes over the link as it is now: at the beginning, and anew after STARTTLS. */
  void useStreams() {
    ResponseWriter over = new ResponseWriter(link.out());
    writer = over;
    reader =
        new CommandReader(
            link.in(),
            () -> {
              over.write(new Response.Continuation("OK"));
              over.flush();
            });
    reader.setLimits(policy.beforeSignIn());
    chooseWorkarounds();
  }

  /** What is put up with from this client, as far as it is known. */
  private void chooseWorkarounds() {
    workarounds.clear();
    for (WorkaroundRule rule : policy.customs().workarounds()) {
      if (rule.appliesTo(link.client().getAddress(), id)) {
        workarounds.add(rule.workaround());
      }
    }
    reader.takeParentheses(putsUpWith(Workaround.UNQUOTED_LOGIN));
    writer.leaveBackslashesOut(putsUpWith(Workaround.PLAIN_PARAMETERS));
  }

  MailListener mail() {
    return mail;
  }

  public InetSocketAddress address() {
    return link.client();
  }

  public Link link() {
    return link;
  }

  public Policy policy() {
    return policy;
  }

  /** For the few commands that go on reading: AUTHENTICATE, IDLE. */
  public CommandReader reader() {
    return reader;
  }

  ResponseWriter writer() {
    return writer;
  }

  /** Held by whoever writes to the client; free while the conversation waits for it. */
  public ReentrantLock speaking() {
    return speaking;
  }

  /** The tag of the command that runs now; only ESEARCH repeats it. */
  public Tag running() {
    return running;
  }

  void nowRuns(Tag tag) {
    running = tag;
  }

  /** Names go as UTF-8 both ways from now on. */
  public void enableUtf8() {
    reader.enableUtf8();
    writer.enableUtf8();
  }

  /** What CAPABILITY answers in this state. */
  public List<String> capabilities(Session session) {
    return commands.capabilities(session);
  }

  /** True where that mistake is put up with from this client. */
  public boolean putsUpWith(Workaround workaround) {
    return workarounds.contains(workaround);
  }

  /** The attributes of a mailbox, as this client can read them. */
  public List<String> attributes(List<String> attributes) {
    if (!putsUpWith(Workaround.NO_CHILDREN)) {
      return attributes;
    }
    return attributes.stream()
        .filter(attribute -> !attribute.equals("\\HasChildren"))
        .map(attribute -> attribute.equals("\\HasNoChildren") ? "\\Noinferiors" : attribute)
        .toList();
  }

  /** What the client said of itself by ID; empty where it said nothing. */
  public Map<String, String> id() {
    return id;
  }

  public void identify(Map<String, String> fields) {
    id = Map.copyOf(fields);
    chooseWorkarounds();
  }

  /** True where a password may be sent now. */
  public boolean allowsPassword() {
    return policy.allowsPassword(link);
  }

  /** Who wants to sign in, as the connection is now. */
  public Peer peer() {
    return new Peer(
        link.client().getAddress(), link.port(), allowsPassword(), link.tls(), policy.signIn());
  }

  /**
   * The SASL mechanisms to announce; none while the application cannot tell, which then says so
   * when one is tried.
   */
  public List<String> mechanisms() {
    Peer peer = peer();
    try {
      return mail.call(all -> all.accounts().mechanisms(peer));
    } catch (MailException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> link.id() + ": no mechanisms now: " + e);
      return List.of();
    }
  }

  /**
   * One more sign-in was refused on this connection.
   *
   * @return how many were, this one included
   */
  public int countRefusedSignIn() {
    return ++refusedSignIns;
  }

  /** A new state has begun: the client has signed in. */
  void signedIn() {
    reader.setLimits(policy.signedIn());
    reader.takeParentheses(false);
    link.signedIn();
  }
}
