package org.postrider.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A client's side of TLS. Any thread. */
final class ClientTls {

  private final TrustManager[] trust;
  private final SecureRandom random = new SecureRandom();

  private ClientTls(TrustManager[] trust) {
    this.trust = trust;
  }

  /** One that trusts a certificate in a PEM file and nothing else. */
  static ClientTls trusting(Path certificate) throws IOException {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new ClientTls(factory.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + " can't be used", e);
    }
  }

  /**
   * Makes a whole handshake, as a client that was never here before: a context of its own remembers
   * no session of another connection.
   */
  SSLSocket over(Socket plain) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, random);
      SSLSocket secured =
          (SSLSocket) context.getSocketFactory().createSocket(plain, null, -1, true);
      secured.startHandshake();
      return secured;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not possible", e);
    }
  }
}
