package org.postrider.connector;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.transaction.xa.XAResource;
import org.postrider.mail.MailListener;
import org.postrider.session.Policy;
import org.postrider.wire.Limits;

/**
 * The resource adapter: its ports open when the application's endpoint is activated, and close,
 * clients told, when it is deactivated or the adapter stops, in whatever order and however often
 * the container says so.
 *
 * <p>Properties are set once, from {@code ra.xml}, whose values are expressions; {@value #UNSET}
 * means that Courier's files, and failing these the defaults, decide. Calls come from the
 * container's threads.
 *
 * @see <a href="https://jakarta.ee/specifications/connectors/2.1/">Jakarta Connectors 2.1, chapters
 *     5 and 13</a>
 */
public class ImapResourceAdapter implements ResourceAdapter {

  /** A property that nobody set. */
  public static final String UNSET = "unset";

  private static final System.Logger LOG = System.getLogger(ImapResourceAdapter.class.getName());

  private String home = UNSET;
  private String imapAddress = UNSET;
  private String imapPort = UNSET;
  private String imapsAddress = UNSET;
  private String imapsPort = UNSET;
  private String connections = UNSET;
  private String connectionsPerAddress = UNSET;
  private String signInSeconds = UNSET;
  private String idleSeconds = UNSET;
  private String messageOctets = UNSET;
  private String plaintextSignIn = UNSET;

  private final transient ReentrantLock lifecycle = new ReentrantLock();
  private transient MessageEndpointFactory active;
  private transient ImapServer server;

  @Override
  public void start(BootstrapContext context) throws ResourceAdapterInternalException {
    if (home.equals(UNSET) || !Path.of(home).isAbsolute()) {
      throw new ResourceAdapterInternalException(
          "postrider.home is " + home + "; set it to the absolute path of the data directory.");
    }
  }

  @Override
  public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec)
      throws ResourceException {
    if (!(spec instanceof ImapActivationSpec)) {
      throw new NotSupportedException("The IMAP resource adapter serves ImapActivationSpec only.");
    }
    lifecycle.lock();
    try {
      if (active != null) {
        throw new NotSupportedException(
            "The IMAP resource adapter serves one endpoint, and has it already.");
      }
      server = new ImapServer(settings(), () -> open(factory));
      active = factory;
      register(server);
    } catch (IOException | IllegalArgumentException e) {
      throw new ResourceException(e.getMessage(), e);
    } finally {
      lifecycle.unlock();
    }
  }

  private static Endpoint open(MessageEndpointFactory factory)
      throws EndpointSource.UnavailableException {
    try {
      MessageEndpoint endpoint = factory.createEndpoint(null);
      return new Endpoint((MailListener) endpoint, endpoint::release);
    } catch (UnavailableException | IllegalStateException e) {
      throw new EndpointSource.UnavailableException(e);
    }
  }

  @Override
  public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
    lifecycle.lock();
    try {
      if (factory.equals(active)) {
        close();
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void stop() {
    lifecycle.lock();
    try {
      close();
    } finally {
      lifecycle.unlock();
    }
  }

  private void close() {
    if (server != null) {
      unregister();
      server.stop();
      server = null;
      active = null;
    }
  }

  /** Nothing that is delivered here takes part in a transaction. */
  @Override
  public XAResource[] getXAResources(ActivationSpec[] specs) {
    return new XAResource[0];
  }

  private static void register(ImapServer server) {
    try {
      MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
      beans.registerMBean(server, new ObjectName(ImapServerMXBean.OBJECT_NAME));
    } catch (JMException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The console will not see the sessions: they could not be registered",
          e);
    }
  }

  private static void unregister() {
    try {
      MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
      ObjectName name = new ObjectName(ImapServerMXBean.OBJECT_NAME);
      if (beans.isRegistered(name)) {
        beans.unregisterMBean(name);
      }
    } catch (JMException e) {
      LOG.log(System.Logger.Level.WARNING, "The sessions could not be unregistered", e);
    }
  }

  // --- Settings
  // ------------------------------------------------------------------------------------------------

  Settings settings() throws IOException {
    Path etc = Path.of(home, "etc");
    CourierSettings courier = CourierSettings.read(etc.resolve("imapd"), etc.resolve("imapd-ssl"));
    return new Settings(
        Settings.addresses(
            "imap.port",
            first(imapPort, courier.get("PORT"), "1143"),
            first(imapAddress, courier.get("ADDRESS"), "127.0.0.1")),
        Settings.addresses(
            "imaps.port",
            first(imapsPort, courier.get("SSLPORT"), "1993"),
            first(imapsAddress, courier.get("SSLADDRESS"), "127.0.0.1")),
        number(
            "imap.connections",
            first(connections, courier.get("MAXDAEMONS"), Settings.CONNECTIONS)),
        number(
            "imap.connections-per-address",
            first(
                connectionsPerAddress, courier.get("MAXPERIP"), Settings.CONNECTIONS_PER_ADDRESS)),
        Duration.ofSeconds(
            number(
                "imap.sign-in-seconds",
                first(signInSeconds, Optional.empty(), Settings.SIGN_IN_TIME.toSeconds()))),
        Duration.ofSeconds(
            number(
                "imap.idle-seconds",
                first(idleSeconds, Optional.empty(), Settings.IDLE_TIME.toSeconds()))),
        courier.get("TLS_CERTFILE").map(Path::of).orElse(Path.of(home, "tls", "imapd.pem")),
        courier.flag("IMAPDSTARTTLS").orElse(true),
        policy(courier));
  }

  private Policy policy(CourierSettings courier) {
    boolean required = courier.flag("IMAP_TLS_REQUIRED").orElse(false);
    String setting =
        first(plaintextSignIn, required ? Optional.of("never") : Optional.empty(), "loopback");
    long octets =
        number(
            "imap.message-octets", first(messageOctets, Optional.empty(), Limits.MESSAGE_OCTETS));
    return switch (setting) {
      case "never" -> new Policy(false, false, octets);
      case "loopback" -> new Policy(false, true, octets);
      case "always" -> new Policy(true, true, octets);
      default ->
          throw new IllegalArgumentException(
              "imap.plaintext-sign-in is " + setting + "; it is one of never, loopback, always.");
    };
  }

  private static String first(String property, Optional<String> courier, Object otherwise) {
    return property.equals(UNSET) || property.isBlank()
        ? courier.orElse(otherwise.toString())
        : property;
  }

  private static int number(String what, String text) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + " is " + text + "; it is a number from 1 to " + Integer.MAX_VALUE + ".", e);
    }
    throw new IllegalArgumentException(
        what + " is " + text + "; it is a number from 1 to " + Integer.MAX_VALUE + ".");
  }

  /** The data directory, an absolute path. */
  public void setHome(String home) {
    this.home = home;
  }

  public String getHome() {
    return home;
  }

  /** Where IMAP listens: an address of this machine, 0 for all; default 127.0.0.1. */
  public void setImapAddress(String imapAddress) {
    this.imapAddress = imapAddress;
  }

  public String getImapAddress() {
    return imapAddress;
  }

  /** IMAP's port or ports, in Courier's notation; default 1143. */
  public void setImapPort(String imapPort) {
    this.imapPort = imapPort;
  }

  public String getImapPort() {
    return imapPort;
  }

  /** Where IMAPS listens. */
  public void setImapsAddress(String imapsAddress) {
    this.imapsAddress = imapsAddress;
  }

  public String getImapsAddress() {
    return imapsAddress;
  }

  /** IMAPS's port or ports; default 1993. */
  public void setImapsPort(String imapsPort) {
    this.imapsPort = imapsPort;
  }

  public String getImapsPort() {
    return imapsPort;
  }

  /** Most connections at a time; default 20,000. */
  public void setConnections(String connections) {
    this.connections = connections;
  }

  public String getConnections() {
    return connections;
  }

  /** Most connections from one address; default 1,000. */
  public void setConnectionsPerAddress(String connectionsPerAddress) {
    this.connectionsPerAddress = connectionsPerAddress;
  }

  public String getConnectionsPerAddress() {
    return connectionsPerAddress;
  }

  /** Seconds from connecting to having signed in; default 60. */
  public void setSignInSeconds(String signInSeconds) {
    this.signInSeconds = signInSeconds;
  }

  public String getSignInSeconds() {
    return signInSeconds;
  }

  /** Seconds of silence after sign-in, IDLE included; default 1,800. */
  public void setIdleSeconds(String idleSeconds) {
    this.idleSeconds = idleSeconds;
  }

  public String getIdleSeconds() {
    return idleSeconds;
  }

  /** Largest message that APPEND takes, in octets; default 100 MiB. */
  public void setMessageOctets(String messageOctets) {
    this.messageOctets = messageOctets;
  }

  public String getMessageOctets() {
    return messageOctets;
  }

  /**
   * Whether passwords may come without TLS: {@code never}, {@code loopback} (default), {@code
   * always}.
   */
  public void setPlaintextSignIn(String plaintextSignIn) {
    this.plaintextSignIn = plaintextSignIn;
  }

  public String getPlaintextSignIn() {
    return plaintextSignIn;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImapResourceAdapter adapter
        && home.equals(adapter.home)
        && imapPort.equals(adapter.imapPort)
        && imapsPort.equals(adapter.imapsPort);
  }

  @Override
  public int hashCode() {
    return Objects.hash(home, imapPort, imapsPort);
  }
}
