package org.postrider.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.postrider.command.Commands;
import org.postrider.mail.Account;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Conversation;
import org.postrider.session.Policy;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/**
 * The listeners and all that they accepted: from opening the ports to the last BYE. One virtual
 * thread a connection, and one that looks for clients that do not read any more.
 *
 * <p>Any thread. Stops once and for all: a new start is a new object.
 */
final class ImapServer implements ImapServerMXBean {

  private static final System.Logger LOG = System.getLogger(ImapServer.class.getName());

  /** How long clients in the middle of a command have until they are cut. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** A client that takes nothing of what it asked for so long is gone. */
  private static final Duration STUCK = Duration.ofMinutes(5);

  /**
   * Refused clients that are being told why, at a time; beyond that they are cut without a word.
   */
  private static final int REFUSALS_AT_A_TIME = 100;

  private final Settings settings;
  private final EndpointSource endpoints;
  private final ConnectionLimits limits;
  private final UpstreamServers upstreams;
  private final List<ImapListener> listeners = new ArrayList<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, Talk> talks = new ConcurrentHashMap<>();
  private final Semaphore refusals = new Semaphore(REFUSALS_AT_A_TIME);
  private final AtomicLong lastId = new AtomicLong();
  private final Thread warden;
  private volatile boolean stopping;

  /** A conversation, its connection, and the thread it runs in. */
  private record Talk(Connection connection, Conversation conversation, Thread thread) {}

  /**
   * Opens the ports and accepts.
   *
   * @throws IOException with a sentence for the administrator; then no port is open
   */
  ImapServer(Settings settings, EndpointSource endpoints) throws IOException {
    this.settings = settings;
    this.endpoints = endpoints;
    this.limits = new ConnectionLimits(settings.connections());
    this.upstreams = new UpstreamServers(settings.proxy(), this::listensOn);
    try {
      ServerCertificate certificate =
          new ServerCertificate(settings.certificate(), settings.clientCertificates());
      Optional<ServerCertificate> offered =
          settings.startTls() ? Optional.of(certificate) : Optional.empty();
      for (InetSocketAddress address : settings.imap()) {
        listeners.add(new ImapListener("imap", address, false, offered));
      }
      for (InetSocketAddress address : settings.imaps()) {
        listeners.add(new ImapListener("imaps", address, true, Optional.of(certificate)));
      }
    } catch (IOException e) {
      listeners.forEach(ImapListener::close);
      throw e;
    }
    for (ImapListener listener : listeners) {
      listener.start(this::take);
      ListenerState state = listener.state();
      LOG.log(
          System.Logger.Level.INFO,
          state.name()
              + " listens on "
              + state.address()
              + " port "
              + state.port()
              + ", TLS: "
              + state.tls());
    }
    warden = Thread.ofVirtual().name("postrider-warden").start(this::watchForStuckClients);
  }

  private void take(ImapListener listener, SocketChannel channel) {
    try {
      String id = "s" + lastId.incrementAndGet();
      Connection connection =
          new Connection(
              id,
              channel,
              listener.certificate(),
              settings.signInTime(),
              settings.idleTime(),
              upstreams);
      InetAddress address = connection.client().getAddress();
      AccessRules.Rule rule = settings.access().rules().of(address);
      if (!rule.allowed()) {
        deny(listener, connection);
        return;
      }
      String refusal =
          stopping
              ? "The server is stopping."
              : limits.admit(address, rule.connections().orElse(settings.connectionsPerAddress()));
      if (refusal == null) {
        Policy policy = rule.policy().orElse(settings.policy());
        Thread thread =
            Thread.ofVirtual()
                .name("imap-" + id)
                .unstarted(() -> serve(listener, connection, policy));
        thread.start();
      } else {
        listener.countRefused();
        refuse(listener, connection, refusal);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A client was gone before it was greeted", e);
    }
  }

  private void serve(ImapListener listener, Connection connection, Policy policy) {
    listener.open().incrementAndGet();
    connections.add(connection);
    try {
      if (listener.implicitTls()) {
        connection.startTls();
      }
      try (Endpoint endpoint = endpoints.open()) {
        Conversation conversation =
            new Conversation(connection, endpoint.listener(), Commands.TABLE, policy);
        talks.put(connection.id(), new Talk(connection, conversation, Thread.currentThread()));
        if (stopping) {
          sayBye(connection, null, "The server is stopping.");
        } else {
          conversation.run();
        }
      }
    } catch (EndpointSource.UnavailableException e) {
      sayBye(connection, Word.UNAVAILABLE, "The server is not ready; try again in a moment.");
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.DEBUG,
          () -> connection.id() + ": no TLS with " + connection.client() + ": " + e);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          connection.id() + ": a connection ended by a mistake of the server",
          e);
    } finally {
      talks.remove(connection.id());
      connections.remove(connection);
      connection.close();
      listener.open().decrementAndGet();
      limits.leave(connection.client().getAddress());
    }
  }

  /** True where a connection to the address would come back here. */
  private boolean listensOn(InetSocketAddress address) {
    return listeners.stream().anyMatch(listener -> listener.isAt(address));
  }

  /** As with Courier, somebody who may not connect is no line in the log. */
  private void deny(ImapListener listener, Connection connection) {
    listener.countRefused();
    LOG.log(System.Logger.Level.DEBUG, () -> "IMAPACCESSFILE denies " + connection.client());
    if (settings.denial().isPresent()) {
      sayWhy(listener, connection, null, settings.denial().get());
    } else {
      connection.close();
    }
  }

  /** Tells a client why it can't come in, without letting many of them cost anything. */
  private void refuse(ImapListener listener, Connection connection, String reason) {
    LOG.log(
        System.Logger.Level.WARNING,
        "Refused " + connection.client().getAddress().getHostAddress() + ": " + reason);
    sayWhy(listener, connection, Word.LIMIT, reason);
  }

  private void sayWhy(
      ImapListener listener, Connection connection, ResponseCode code, String reason) {
    if (!refusals.tryAcquire()) {
      connection.close();
      return;
    }
    Thread.ofVirtual()
        .name("refuse-" + connection.id())
        .start(
            () -> {
              try {
                if (listener.implicitTls()) {
                  connection.startTls();
                }
                sayBye(connection, code, reason);
              } catch (IOException e) {
                LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> connection.id() + " did not wait for the reason: " + e);
              } finally {
                connection.close();
                refusals.release();
              }
            });
  }

  private static void sayBye(Connection connection, ResponseCode code, String text) {
    try {
      ResponseWriter out = new ResponseWriter(connection.out());
      out.write(Response.Status.bye(code, text));
      out.flush();
      connection.hangUp();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> connection.id() + " did not wait for BYE: " + e);
    }
  }

  private void watchForStuckClients() {
    while (!stopping) {
      try {
        Thread.sleep(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        return;
      }
      for (Connection connection : connections) {
        if (connection.stuckNanos() > STUCK.toNanos() || connection.overdue()) {
          LOG.log(
              System.Logger.Level.INFO, connection.id() + " makes no progress any more; closed");
          connection.close();
        }
      }
    }
  }

  /** No new work, BYE, wait, interrupt, close. A second call does nothing. */
  void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    listeners.forEach(ImapListener::close);
    warden.interrupt();
    List<Thread> farewells = new ArrayList<>();
    for (Talk talk : talks.values()) {
      farewells.add(
          Thread.ofVirtual()
              .name("bye-" + talk.connection().id())
              .start(
                  () ->
                      talk.conversation().end(null, "The server is stopping.", GRACE.toMillis())));
    }
    long deadline = System.nanoTime() + GRACE.plusMillis(500).toNanos();
    farewells.forEach(thread -> join(thread, deadline));
    List<Talk> left = List.copyOf(talks.values());
    left.forEach(talk -> talk.thread().interrupt());
    connections.forEach(Connection::close);
    long last = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    left.forEach(talk -> join(talk.thread(), last));
  }

  private static void join(Thread thread, long deadline) {
    try {
      thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public List<ListenerState> getListeners() {
    return listeners.stream().map(ImapListener::state).toList();
  }

  @Override
  public List<SessionState> getSessions() {
    return talks.values().stream()
        .map(ImapServer::state)
        .sorted(Comparator.comparingLong(SessionState::ageSeconds).reversed())
        .toList();
  }

  private static SessionState state(Talk talk) {
    Session session = talk.conversation().session();
    Connection connection = talk.connection();
    Map<String, String> id = session.client().id();
    return new SessionState(
        connection.id(),
        session.signedInAs().map(Account::address).orElse(""),
        connection.client().getAddress().getHostAddress(),
        connection.client().getPort(),
        (id.getOrDefault("name", "") + " " + id.getOrDefault("version", "")).strip(),
        connection.tlsVersion(),
        switch (session) {
          case Session.NotAuthenticated none -> "connected";
          case Session.Selected in -> "selected";
          case Session.Authenticated in -> "signed in";
          case Session.Forwarded away -> "proxied";
        },
        switch (session) {
          case Session.Selected in -> in.mailbox().name().value();
          case Session.Forwarded away -> away.host();
          default -> "";
        },
        talk.conversation().ageNanos() / 1_000_000_000L,
        talk.conversation().idleNanos() / 1_000_000_000L,
        talk.conversation().commandCount());
  }

  @Override
  public boolean disconnect(String sessionId, String reason) {
    Talk talk = talks.get(sessionId);
    if (talk == null) {
      return false;
    }
    talk.conversation().end(null, reason, GRACE.toMillis());
    return true;
  }
}
