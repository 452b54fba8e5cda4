package org.postrider.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The certificate that clients see, and TLS made with it. Made on the first run; a file that
 * changes is used from the next handshake on, without a restart, and a broken one leaves the last
 * good one in use.
 *
 * <p>Any thread.
 */
final class ServerCertificate {

  private static final System.Logger LOG = System.getLogger(ServerCertificate.class.getName());

  /** How often, at most, the file is looked at. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final Path file;
  private final ClientCertificates clients;
  private final ReentrantLock renewal = new ReentrantLock();
  private volatile Loaded loaded;
  private volatile long lookedAt;

  /** Time of a broken file that was logged already. */
  private volatile FileTime complainedOf;

  /** A file's state and what was made of it. */
  private record Loaded(FileTime modified, long size, SSLContext context, Instant validUntil) {}

  /**
   * @param clients whether their certificates are asked for
   * @throws IOException where it can neither be read nor made, with the reason and the file
   */
  ServerCertificate(Path file, ClientCertificates clients) throws IOException {
    this.file = file;
    this.clients = clients;
    if (!Files.exists(file)) {
      make();
    }
    try {
      loaded = load();
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "TLS is not possible with " + file + " and " + clients + ": " + e.getMessage(), e);
    }
    lookedAt = System.nanoTime();
  }

  private void make() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try {
      Certificates.selfSigned(names(), Instant.now()).writePem(file);
      LOG.log(System.Logger.Level.INFO, "Made a self-signed certificate: " + file);
    } catch (GeneralSecurityException e) {
      throw new IOException("No certificate could be made for " + file + ": " + e.getMessage(), e);
    }
  }

  /** What clients on this machine and in its network call it. */
  static List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    try {
      names.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      LOG.log(System.Logger.Level.DEBUG, "This machine does not know its own name", e);
    }
    names.addAll(List.of("localhost", "127.0.0.1", "::1"));
    return List.copyOf(names);
  }

  private Loaded load() throws IOException, GeneralSecurityException {
    FileTime modified = Files.getLastModifiedTime(file);
    long size = Files.size(file);
    Certificates certificates = Certificates.read(file);
    return new Loaded(
        modified, size, certificates.sslContext(clients.trust()), certificates.validUntil());
  }

  /** When the certificate in use ends. */
  Instant validUntil() {
    return current().validUntil();
  }

  /** TLS over a connection, this side being the server; the handshake is still to come. */
  SSLSocket over(Socket socket) throws IOException {
    SSLSocket secured =
        (SSLSocket) current().context().getSocketFactory().createSocket(socket, null, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(
        Arrays.stream(parameters.getCipherSuites())
            .filter(ServerCertificate::isModern)
            .toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    clients.demandOf(parameters);
    secured.setSSLParameters(parameters);
    return secured;
  }

  /** Forward secrecy and authenticated encryption, nothing else. */
  private static boolean isModern(String suite) {
    boolean tls13 = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
    boolean forwardSecret = suite.startsWith("TLS_ECDHE_");
    return tls13 || (forwardSecret && (suite.contains("_GCM_") || suite.contains("_CHACHA20_")));
  }

  private Loaded current() {
    long now = System.nanoTime();
    if (now - lookedAt > LOOK_NANOS && renewal.tryLock()) {
      try {
        lookedAt = now;
        renewIfChanged();
      } finally {
        renewal.unlock();
      }
    }
    return loaded;
  }

  private void renewIfChanged() {
    Loaded before = loaded;
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      boolean same = modified.equals(before.modified()) && Files.size(file) == before.size();
      if (same || modified.equals(complainedOf)) {
        return;
      }
      loaded = load();
      LOG.log(System.Logger.Level.INFO, "The certificate has changed; new connections use " + file);
    } catch (NoSuchFileException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          file + " is gone; the certificate read before stays in use.");
    } catch (IOException | GeneralSecurityException e) {
      complainedOf = modifiedNow(before);
      LOG.log(
          System.Logger.Level.WARNING,
          file
              + " can't be used ("
              + e.getMessage()
              + "); the certificate read before stays in use.");
    }
  }

  /** Remembers the broken file's time, so that it is complained of once. */
  private FileTime modifiedNow(Loaded before) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return before.modified();
    }
  }
}
