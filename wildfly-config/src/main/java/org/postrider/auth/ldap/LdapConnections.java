package org.postrider.auth.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import org.postrider.auth.TemporaryFailureException;

/**
 * The connections to a directory, with one state of its settings, and the bounds on what they may
 * cost: {@value #CONNECTIONS_MAX} for questions and as many again for checking passwords by
 * binding; a time limit on waiting for one, on opening it and on each answer; and servers that
 * failed are left alone for a while ({@link ServerHealth}). A question is asked twice at the most:
 * a connection that was kept may have been closed by the server.
 *
 * <p>There are no threads here: connections are opened, and those kept for too long closed, by
 * whoever asks. The library has one timer, which ends with the last connection. Any thread may ask.
 */
final class LdapConnections implements AutoCloseable {

  /** The most of each kind. */
  static final int CONNECTIONS_MAX = 20;

  private static final int ADDRESSES_MAX = 4;
  private static final int ANSWER_MAX_OCTETS = 1 << 20;
  private static final int ATTEMPTS = 2;

  /** Before firewalls forget it. */
  private static final long IDLE_MAX_NANOS = TimeUnit.MINUTES.toNanos(2);

  /** So that the first server is in use again some time after it was down. */
  private static final long AGE_MAX_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** These say nothing of a question, only that this connection or server is of no use. */
  private static final Set<ResultCode> LOST =
      Set.of(
          ResultCode.SERVER_DOWN,
          ResultCode.CONNECT_ERROR,
          ResultCode.TIMEOUT,
          ResultCode.ENCODING_ERROR,
          ResultCode.DECODING_ERROR,
          ResultCode.LOCAL_ERROR,
          ResultCode.BUSY,
          ResultCode.UNAVAILABLE);

  /** What a connection is for. */
  enum Purpose {
    /** Questions, asked as the one whom the settings name, or anonymously. */
    SEARCH,
    /** Binding as an account. */
    BIND
  }

  /**
   * What is done with a connection.
   *
   * @param <R> the answer
   */
  @FunctionalInterface
  interface Question<R> {

    /** Asks; another exception than one of a lost connection is the directory's answer. */
    R ask(Open connection) throws LDAPException;
  }

  private record Server(LdapServer address, ServerHealth health) {}

  /** A connection that is in use or kept. */
  static final class Open {

    private final LDAPConnection connection;
    private final TimedSocket socket;
    private final Server server;
    private final long opened = System.nanoTime();
    private long kept;

    private Open(LDAPConnection connection, TimedSocket socket, Server server) {
      this.connection = connection;
      this.socket = socket;
      this.server = server;
    }

    LDAPConnection connection() {
      return connection;
    }

    /** Gives the next answer its time. */
    void nextStep(TimeLimit limit) {
      socket.readUntil(limit.stepEnd());
    }

    private void close() {
      socket.readUntil(System.nanoTime() + CLOSING_NANOS);
      connection.close();
    }
  }

  /** The connections of one purpose: who holds a slot may use one. */
  private static final class Shelf {
    private final Semaphore slots = new Semaphore(CONNECTIONS_MAX, true);
    private final Deque<Open> kept = new ArrayDeque<>();
  }

  private final LdapSettings settings;
  private final LdapTls tls;
  private final List<Server> servers;
  private final Shelf searching = new Shelf();
  private final Shelf binding = new Shelf();
  private volatile boolean closed;

  /** Nothing is opened yet. */
  LdapConnections(LdapSettings settings, LdapTls tls) {
    this.settings = settings;
    this.tls = tls;
    long attempt = 2 * settings.reach().timeout().toNanos();
    servers =
        settings.reach().servers().stream()
            .map(address -> new Server(address, new ServerHealth(attempt)))
            .toList();
  }

  LdapSettings settings() {
    return settings;
  }

  /**
   * Asks the directory.
   *
   * @throws LDAPException the directory's answer, if it is an error
   * @throws TemporaryFailureException if no server answers in time
   */
  <R> R ask(Purpose purpose, TimeLimit limit, Question<R> question)
      throws LDAPException, TemporaryFailureException {
    Shelf shelf = purpose == Purpose.SEARCH ? searching : binding;
    awaitSlot(shelf, limit);
    try {
      String why = "";
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<Open> kept = attempt == 0 ? take(shelf) : Optional.empty();
        Open open = kept.isPresent() ? kept.get() : open(purpose, limit);
        try {
          return use(shelf, open, limit, question);
        } catch (LDAPException failed) {
          if (!isLost(failed)) {
            throw failed;
          }
          why = open.server.address + ": " + reason(failed);
          forget(open.server);
          if (kept.isEmpty()) {
            open.server.health.failed(System.nanoTime(), reason(failed));
          }
        }
      }
      throw new TemporaryFailureException("The directory does not answer. " + why + ".");
    } finally {
      shelf.slots.release();
    }
  }

  private void awaitSlot(Shelf shelf, TimeLimit limit) throws TemporaryFailureException {
    refuseIfDown();
    try {
      if (!shelf.slots.tryAcquire(limit.stepNanos(), TimeUnit.NANOSECONDS)) {
        throw new TemporaryFailureException(
            "All "
                + CONNECTIONS_MAX
                + " connections to the directory were in use for "
                + settings.reach().timeout().toSeconds()
                + " seconds: it is slow, or more sign in than it can serve.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TemporaryFailureException("The server is stopping.", interrupted);
    }
  }

  /** Before waiting: who came while it went down need not wait for a slot to hear it. */
  private void refuseIfDown() throws TemporaryFailureException {
    long now = System.nanoTime();
    if (servers.stream().noneMatch(server -> server.health.isWorthTrying(now))) {
      throw unreachable();
    }
  }

  private TemporaryFailureException unreachable() {
    StringBuilder text = new StringBuilder("No server of the directory can be used.");
    for (Server server : servers) {
      text.append(' ').append(server.address).append(": ").append(server.health.reason());
      text.append('.');
    }
    return new TemporaryFailureException(text.toString());
  }

  private <R> R use(Shelf shelf, Open open, TimeLimit limit, Question<R> question)
      throws LDAPException {
    boolean reusable = false;
    try {
      open.nextStep(limit);
      R answer = question.ask(open);
      reusable = true;
      return answer;
    } catch (LDAPException failed) {
      reusable = !isLost(failed);
      throw failed;
    } finally {
      if (reusable) {
        open.server.health.succeeded();
        keep(shelf, open);
      } else {
        open.close();
      }
    }
  }

  private void keep(Shelf shelf, Open open) {
    long now = System.nanoTime();
    boolean kept = false;
    if (open.connection.isConnected() && now - open.opened < AGE_MAX_NANOS) {
      synchronized (shelf) {
        if (!closed) {
          open.kept = now;
          shelf.kept.push(open);
          kept = true;
        }
      }
    }
    if (!kept) {
      open.close();
    }
  }

  /** The connection that was used last, so that those of a busy hour grow old and are closed. */
  private Optional<Open> take(Shelf shelf) {
    long now = System.nanoTime();
    List<Open> old = new ArrayList<>();
    Open found;
    synchronized (shelf) {
      while (!shelf.kept.isEmpty() && now - shelf.kept.peekLast().kept > IDLE_MAX_NANOS) {
        old.add(shelf.kept.pollLast());
      }
      found = shelf.kept.poll();
    }
    old.forEach(Open::close);
    return Optional.ofNullable(found);
  }

  /** Closes what is kept of a server: what happened to one connection happened to the others. */
  private void forget(Server server) {
    List<Open> lost = new ArrayList<>();
    for (Shelf shelf : List.of(searching, binding)) {
      synchronized (shelf) {
        shelf.kept.removeIf(open -> open.server.equals(server) && lost.add(open));
      }
    }
    lost.forEach(Open::close);
  }

  private Open open(Purpose purpose, TimeLimit limit) throws TemporaryFailureException {
    if (closed) {
      throw new TemporaryFailureException("The connections to the directory have been closed.");
    }
    for (Server server : servers) {
      if (!limit.isOver() && server.health.mayTry(System.nanoTime())) {
        try {
          return open(server, purpose, limit.stepEnd());
        } catch (IOException | LDAPException failed) {
          server.health.failed(System.nanoTime(), reason(failed));
        }
      }
    }
    throw unreachable();
  }

  private Open open(Server server, Purpose purpose, long end) throws IOException, LDAPException {
    TimedSocket socket = connect(server.address, end);
    LDAPConnection connection = null;
    boolean done = false;
    try {
      Socket carrier = server.address.tls() ? tls.layer(socket, server.address) : socket;
      connection = connection(carrier, socket.getInetAddress(), server.address.port());
      if (settings.reach().startTls() && !server.address.tls()) {
        startTls(connection, server.address);
      }
      if (purpose == Purpose.SEARCH && settings.reach().binding().isPresent()) {
        LdapSettings.Binding as = settings.reach().binding().get();
        try {
          connection.bind(new SimpleBindRequest(as.dn(), as.password()));
        } catch (LDAPException refused) {
          if (isLost(refused)) {
            throw refused;
          }
          throw new IOException(
              "it refuses LDAP_BINDDN "
                  + as.dn()
                  + " with LDAP_BINDPW: "
                  + refused.getResultCode().getName(),
              refused);
        }
      }
      done = true;
      return new Open(connection, socket, server);
    } finally {
      if (!done) {
        socket.readUntil(System.nanoTime() + CLOSING_NANOS);
        if (connection != null) {
          connection.close();
        }
        socket.close();
      }
    }
  }

  private void startTls(LDAPConnection connection, LdapServer server)
      throws IOException, LDAPException {
    LdapTls.Layering layering = tls.new Layering(server);
    try {
      LDAPResult changed =
          connection.processExtendedOperation(new StartTLSExtendedRequest(layering));
      if (!changed.getResultCode().equals(ResultCode.SUCCESS)) {
        throw new LDAPException(changed);
      }
    } catch (LDAPException failed) {
      layering.rethrow();
      throw failed;
    }
  }

  private static TimedSocket connect(LdapServer server, long end) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(server.host());
    int count = Math.min(addresses.length, ADDRESSES_MAX);
    IOException last = new UnknownHostException(server.host());
    for (int i = 0; i < count; i++) {
      long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) / (count - i);
      if (rest <= 0) {
        throw new SocketTimeoutException();
      }
      TimedSocket socket = new TimedSocket();
      try {
        socket.connect(new InetSocketAddress(addresses[i], server.port()), (int) rest);
        socket.readUntil(end);
        return socket;
      } catch (IOException failed) {
        socket.close();
        last = failed;
      }
    }
    throw last;
  }

  /** Hands a connected socket to the library. */
  private LDAPConnection connection(Socket socket, InetAddress address, int port)
      throws LDAPException {
    int timeout = (int) settings.reach().timeout().toMillis();
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setUseSynchronousMode(true); // no reader thread
    options.setConnectTimeoutMillis(timeout);
    options.setResponseTimeoutMillis(timeout); // for writing; reading is TimedSocket's
    options.setMaxMessageSize(ANSWER_MAX_OCTETS);
    options.setFollowReferrals(false);
    options.setUseLinger(false, 0);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // The library's timer would keep that of a deployment for as long as there are connections.
    thread.setContextClassLoader(LdapConnections.class.getClassLoader());
    try {
      return new LDAPConnection(new Connected(socket), options, address.getHostAddress(), port);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The library asks for a socket once, and gets the one that is connected already. */
  private static final class Connected extends SocketFactory {

    private final Socket socket;

    Connected(Socket socket) {
      this.socket = socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      return socket;
    }
  }

  private static boolean isLost(LDAPException failed) {
    return LOST.contains(failed.getResultCode());
  }

  /** In the same words each time, so that the log need not repeat it. */
  private String reason(Exception failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SocketTimeoutException unused -> {
          return "no answer within " + settings.reach().timeout().toSeconds() + " seconds";
        }
        case SSLException tlsFailure -> {
          return "TLS failed: " + tlsFailure.getMessage();
        }
        case ConnectException refused -> {
          return refused.getMessage();
        }
        case UnknownHostException unused -> {
          return "its name cannot be resolved";
        }
        default -> {
          // the next cause may say more
        }
      }
    }
    if (failed instanceof LDAPException answer) {
      return answer.getResultCode().equals(ResultCode.SERVER_DOWN)
          ? "it closed the connection"
          : answer.getResultCode().getName();
    }
    return String.valueOf(failed.getMessage());
  }

  /** Closes what is kept; what is in use when it is given back. */
  @Override
  public void close() {
    closed = true;
    for (Shelf shelf : List.of(searching, binding)) {
      List<Open> kept;
      synchronized (shelf) {
        kept = List.copyOf(shelf.kept);
        shelf.kept.clear();
      }
      kept.forEach(Open::close);
    }
  }
}
