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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.transaction.xa.XAResource;
import org.postrider.mail.MailListener;

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

  /** As set, by the names of system properties. */
  private final Map<String, String> properties = new HashMap<>();

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
      Settings.remarks(Path.of(home)).forEach(remark -> LOG.log(System.Logger.Level.INFO, remark));
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

  // --- Settings ---

  Settings settings() throws IOException {
    return Settings.read(
        Path.of(home),
        name ->
            Optional.ofNullable(properties.get(name))
                .filter(value -> !value.isBlank() && !value.equals(UNSET)));
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
    properties.put("imap.address", imapAddress);
  }

  public String getImapAddress() {
    return properties.getOrDefault("imap.address", UNSET);
  }

  /** IMAP's port or ports, in Courier's notation; default 1143. */
  public void setImapPort(String imapPort) {
    properties.put("imap.port", imapPort);
  }

  public String getImapPort() {
    return properties.getOrDefault("imap.port", UNSET);
  }

  /** Where IMAPS listens. */
  public void setImapsAddress(String imapsAddress) {
    properties.put("imaps.address", imapsAddress);
  }

  public String getImapsAddress() {
    return properties.getOrDefault("imaps.address", UNSET);
  }

  /** How other servers are spoken to: none, starttls, imaps; default none. */
  public void setProxyTls(String proxyTls) {
    properties.put("imap.proxy-tls", proxyTls);
  }

  public String getProxyTls() {
    return properties.getOrDefault("imap.proxy-tls", UNSET);
  }

  /** Whose signature under other servers' certificates counts; default those that Java trusts. */
  public void setProxyAuthorities(String proxyAuthorities) {
    properties.put("imap.proxy-authorities", proxyAuthorities);
  }

  public String getProxyAuthorities() {
    return properties.getOrDefault("imap.proxy-authorities", UNSET);
  }

  /** For connecting and signing in to another server; default 20. */
  public void setProxySeconds(String proxySeconds) {
    properties.put("imap.proxy-seconds", proxySeconds);
  }

  public String getProxySeconds() {
    return properties.getOrDefault("imap.proxy-seconds", UNSET);
  }

  /** IMAPS's port or ports; default 1993. */
  public void setImapsPort(String imapsPort) {
    properties.put("imaps.port", imapsPort);
  }

  public String getImapsPort() {
    return properties.getOrDefault("imaps.port", UNSET);
  }

  /** Most connections at a time; default 20,000. */
  public void setConnections(String connections) {
    properties.put("imap.connections", connections);
  }

  public String getConnections() {
    return properties.getOrDefault("imap.connections", UNSET);
  }

  /** Most connections from one address; default 1,000. */
  public void setConnectionsPerAddress(String connectionsPerAddress) {
    properties.put("imap.connections-per-address", connectionsPerAddress);
  }

  public String getConnectionsPerAddress() {
    return properties.getOrDefault("imap.connections-per-address", UNSET);
  }

  /** Seconds from connecting to having signed in; default 60. */
  public void setSignInSeconds(String signInSeconds) {
    properties.put("imap.sign-in-seconds", signInSeconds);
  }

  public String getSignInSeconds() {
    return properties.getOrDefault("imap.sign-in-seconds", UNSET);
  }

  /** Seconds of silence after sign-in, IDLE included; default 1,800. */
  public void setIdleSeconds(String idleSeconds) {
    properties.put("imap.idle-seconds", idleSeconds);
  }

  public String getIdleSeconds() {
    return properties.getOrDefault("imap.idle-seconds", UNSET);
  }

  /** Largest message that APPEND takes, in octets; default 100 MiB. */
  public void setMessageOctets(String messageOctets) {
    properties.put("imap.message-octets", messageOctets);
  }

  public String getMessageOctets() {
    return properties.getOrDefault("imap.message-octets", UNSET);
  }

  /**
   * SASL mechanisms to announce, where they can succeed; default: PLAIN, LOGIN and what has
   * settings of its own.
   */
  public void setSaslMechanisms(String saslMechanisms) {
    properties.put("imap.sasl-mechanisms", saslMechanisms);
  }

  public String getSaslMechanisms() {
    return properties.getOrDefault("imap.sasl-mechanisms", UNSET);
  }

  /** Longest line of a sign-in by AUTHENTICATE, in octets; default 64 KiB. */
  public void setSaslOctets(String saslOctets) {
    properties.put("imap.sasl-octets", saslOctets);
  }

  public String getSaslOctets() {
    return properties.getOrDefault("imap.sasl-octets", UNSET);
  }

  /** What this server calls itself; default: the machine's name. */
  public void setHostName(String hostName) {
    properties.put("imap.host-name", hostName);
  }

  public String getHostName() {
    return properties.getOrDefault("imap.host-name", UNSET);
  }

  /** Added to account names without one: {@code @example.com}; default: nothing. */
  public void setDefaultDomain(String defaultDomain) {
    properties.put("imap.default-domain", defaultDomain);
  }

  public String getDefaultDomain() {
    return properties.getOrDefault("imap.default-domain", UNSET);
  }

  /**
   * Characters by which an account name has a domain; default: the first one of the default domain.
   */
  public void setDomainSeparators(String domainSeparators) {
    properties.put("imap.domain-separators", domainSeparators);
  }

  public String getDomainSeparators() {
    return properties.getOrDefault("imap.domain-separators", UNSET);
  }

  /**
   * Whether clients are asked for a certificate: {@code NONE} (default), {@code PEER}, {@code
   * REQUIREPEER}.
   */
  public void setClientCertificates(String clientCertificates) {
    properties.put("imap.client-certificates", clientCertificates);
  }

  public String getClientCertificates() {
    return properties.getOrDefault("imap.client-certificates", UNSET);
  }

  /** PEM file, or directory of such, of those who sign client certificates. */
  public void setClientCertificateAuthorities(String clientCertificateAuthorities) {
    properties.put("imap.client-certificate-authorities", clientCertificateAuthorities);
  }

  public String getClientCertificateAuthorities() {
    return properties.getOrDefault("imap.client-certificate-authorities", UNSET);
  }

  /**
   * The part of a client certificate that names its account: {@code emailaddress}, {@code CN};
   * default: none does.
   */
  public void setClientCertificateName(String clientCertificateName) {
    properties.put("imap.client-certificate-name", clientCertificateName);
  }

  public String getClientCertificateName() {
    return properties.getOrDefault("imap.client-certificate-name", UNSET);
  }

  /**
   * Whether passwords may come without TLS: {@code never}, {@code loopback} (default), {@code
   * always}.
   */
  public void setPlaintextSignIn(String plaintextSignIn) {
    properties.put("imap.plaintext-sign-in", plaintextSignIn);
  }

  public String getPlaintextSignIn() {
    return properties.getOrDefault("imap.plaintext-sign-in", UNSET);
  }

  /** Longest command before sign-in, its lines and literals together, in octets. */
  public void setCommandOctetsBeforeSignIn(String octets) {
    properties.put("imap.command-octets-before-sign-in", octets);
  }

  public String getCommandOctetsBeforeSignIn() {
    return properties.getOrDefault("imap.command-octets-before-sign-in", UNSET);
  }

  /** Largest literal before sign-in, in octets. */
  public void setLiteralOctetsBeforeSignIn(String octets) {
    properties.put("imap.literal-octets-before-sign-in", octets);
  }

  public String getLiteralOctetsBeforeSignIn() {
    return properties.getOrDefault("imap.literal-octets-before-sign-in", UNSET);
  }

  /** Longest command after sign-in, a message being appended left out, in octets. */
  public void setCommandOctets(String octets) {
    properties.put("imap.command-octets", octets);
  }

  public String getCommandOctets() {
    return properties.getOrDefault("imap.command-octets", UNSET);
  }

  /** Largest literal that is an argument after sign-in, in octets. */
  public void setLiteralOctets(String octets) {
    properties.put("imap.literal-octets", octets);
  }

  public String getLiteralOctets() {
    return properties.getOrDefault("imap.literal-octets", UNSET);
  }

  /** Capabilities that are not announced, such as MOVE; the commands stay. */
  public void setHiddenCapabilities(String hiddenCapabilities) {
    properties.put("imap.hidden-capabilities", hiddenCapabilities);
  }

  public String getHiddenCapabilities() {
    return properties.getOrDefault("imap.hidden-capabilities", UNSET);
  }

  /** Which mistakes of which clients are put up with; default: none. */
  public void setWorkarounds(String workarounds) {
    properties.put("imap.workarounds", workarounds);
  }

  public String getWorkarounds() {
    return properties.getOrDefault("imap.workarounds", UNSET);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImapResourceAdapter adapter
        && home.equals(adapter.home)
        && properties.equals(adapter.properties);
  }

  @Override
  public int hashCode() {
    return Objects.hash(home, properties);
  }
}
