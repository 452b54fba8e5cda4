package org.postrider.auth.ldap;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.postrider.auth.Authdaemonrc;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * TLS to a directory: version 1.2 or newer, with what {@code authdaemonrc} says in the variables of
 * the OpenLDAP library.
 *
 * <pre>
 * LDAPTLS_REQCERT     demand, hard, try: the server's certificate must be good and be for the host's name (default)
 *                     never, allow: any certificate will do, so that anybody in between can read along
 * LDAPTLS_CACERT      a PEM file with the certificates that are trusted
 * LDAPTLS_CACERTDIR   a directory of such files; without either, those that Java trusts
 * LDAPTLS_CERT, LDAPTLS_KEY   this server's own certificate (PEM, its chain after it) and key, for servers that ask
 * </pre>
 *
 * <p>The files are read again when they change. Any thread may use this.
 */
final class LdapTls {

  private static final int FILES_MAX = 1_000;

  private final boolean checked;
  private final Optional<WatchedFile<List<X509Certificate>>> file;
  private final Optional<WatchedFile<List<X509Certificate>>> directory;
  private final Optional<WatchedFile<List<X509Certificate>>> certificate;
  private final Optional<WatchedFile<List<PrivateKey>>> key;
  private volatile Made made;

  /** A factory, and what was in the files when it was made. */
  private record Made(List<List<?>> from, SSLSocketFactory factory) {}

  /**
   * Nothing is read yet.
   *
   * @throws TemporaryFailureException if a variable has a value that it cannot have
   */
  LdapTls(Authdaemonrc variables) throws TemporaryFailureException {
    checked = isChecked(variables.value("LDAPTLS_REQCERT").orElse("demand"));
    file = watched(variables.value("LDAPTLS_CACERT"), LdapTls::certificates);
    directory = watched(variables.value("LDAPTLS_CACERTDIR"), LdapTls::directory);
    certificate = watched(variables.value("LDAPTLS_CERT"), LdapTls::certificates);
    key = watched(variables.value("LDAPTLS_KEY"), LdapTls::key);
    if (certificate.isPresent() != key.isPresent()) {
      throw new TemporaryFailureException(
          "LDAPTLS_CERT and LDAPTLS_KEY in authdaemonrc go together: set both or none.");
    }
  }

  private static boolean isChecked(String text) throws TemporaryFailureException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "demand", "hard", "try" -> true;
      case "never", "allow" -> false;
      default ->
          throw new TemporaryFailureException(
              "LDAPTLS_REQCERT in authdaemonrc is \""
                  + text
                  + "\" but must be never, allow, try, demand or hard.");
    };
  }

  private static <T> Optional<WatchedFile<List<T>>> watched(
      Optional<String> path, WatchedFile.Reader<List<T>> reader) {
    return path.map(it -> new WatchedFile<>(Path.of(it), List.of(), reader));
  }

  /**
   * Puts TLS over a connection and shakes hands.
   *
   * @return the socket; closing it closes the connection
   * @throws IOException if that fails; the connection is then closed
   */
  SSLSocket layer(Socket connection, LdapServer server) throws IOException {
    try {
      SSLSocket socket =
          (SSLSocket) factory().createSocket(connection, server.host(), server.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      if (checked) {
        parameters.setEndpointIdentificationAlgorithm("LDAPS");
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException failed) {
      connection.close();
      throw failed;
    }
  }

  private SSLSocketFactory factory() throws IOException {
    List<List<?>> from = new ArrayList<>();
    for (Optional<? extends WatchedFile<? extends List<?>>> source :
        List.of(file, directory, certificate, key)) {
      if (source.isPresent()) {
        from.add(contents(source.get()));
      }
    }
    Made current = made;
    if (current == null || !isSame(current.from, from)) {
      current = new Made(from, make());
      made = current;
    }
    return current.factory;
  }

  private static <T extends List<?>> T contents(WatchedFile<T> source) throws IOException {
    try {
      T contents = source.get();
      if (contents.isEmpty()) {
        throw new IOException(source.path() + " is not there, or has nothing that could be used");
      }
      return contents;
    } catch (TemporaryFailureException unusable) {
      throw new IOException(unusable.detail(), unusable);
    }
  }

  /** By identity: a {@link WatchedFile} gives another object when the file is another one. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(List<List<?>> one, List<List<?>> other) {
    for (int i = 0; i < one.size(); i++) {
      if (one.get(i) != other.get(i)) {
        return false;
      }
    }
    return true;
  }

  private SSLSocketFactory make() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own(), checked ? trusted() : new TrustManager[] {new Everybody()}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException failed) {
      throw new IOException("TLS cannot be prepared: " + failed.getMessage(), failed);
    }
  }

  private KeyManager[] own() throws IOException, GeneralSecurityException {
    if (certificate.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    char[] password = new char[0];
    store.setKeyEntry(
        "own",
        contents(key.get()).getFirst(),
        password,
        contents(certificate.get()).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    return keys.getKeyManagers();
  }

  private TrustManager[] trusted() throws IOException, GeneralSecurityException {
    KeyStore store = null; // those that Java trusts
    if (file.isPresent() || directory.isPresent()) {
      store = empty();
      List<X509Certificate> all = new ArrayList<>();
      if (file.isPresent()) {
        all.addAll(contents(file.get()));
      }
      if (directory.isPresent()) {
        all.addAll(contents(directory.get()));
      }
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("ca" + i, all.get(i));
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> certificates(Path pem) throws IOException {
    try (InputStream in = new FileInputStream(pem.toFile())) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException broken) {
      throw new IOException("it is no PEM file of certificates", broken);
    }
  }

  private static List<X509Certificate> directory(Path path) throws IOException {
    List<X509Certificate> all = new ArrayList<>();
    int files = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (++files > FILES_MAX) {
          throw new IOException("it has more than " + FILES_MAX + " files");
        }
        if (Files.isRegularFile(entry) && Files.isReadable(entry)) {
          try {
            all.addAll(certificates(entry));
          } catch (IOException other) {
            continue; // such a directory holds other files as well, as the library knows
          }
        }
      }
    }
    return List.copyOf(all);
  }

  private static List<PrivateKey> key(Path pem) throws IOException {
    try (Reader in = Files.newBufferedReader(pem, StandardCharsets.US_ASCII);
        PEMParser parser = new PEMParser(in)) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        if (found instanceof PrivateKeyInfo info) {
          return List.of(converter.getPrivateKey(info));
        }
        if (found instanceof PEMKeyPair pair) {
          return List.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        }
      }
    }
    throw new IOException("it has no private key without a passphrase");
  }

  /**
   * What {@code LDAPTLS_REQCERT=never} asks for: whoever answers is trusted. Extended, because the
   * JDK adds its own checks to any other.
   */
  private static final class Everybody extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** For StartTLS, where the library asks for the layer over its connection to one server. */
  final class Layering extends SSLSocketFactory {

    private final LdapServer server;
    private IOException failure;

    Layering(LdapServer server) {
      this.server = server;
    }

    /** Throws why there is no layer, which the library does not always pass on. */
    void rethrow() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
        throws IOException {
      try {
        return layer(plain, server);
      } catch (IOException failed) {
        failure = failed;
        throw failed;
      }
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw new IOException("Only a connection that is there can change to TLS.");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return createSocket(host, port);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return new String[0];
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return new String[0];
    }
  }
}
