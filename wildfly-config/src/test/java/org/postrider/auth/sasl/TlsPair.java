package org.postrider.auth.sasl;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Both ends of a TLS connection after the handshake, each with its certificate of one authority.
 */
public record TlsPair(SSLSocket server, SSLSocket client) implements Closeable {

  /** A key and its certificate. */
  public record Identity(KeyPair keys, X509Certificate certificate) {

    /** One who signs. */
    public static Identity authority() throws Exception {
      return authority("CN=Authority");
    }

    static Identity authority(String name) throws Exception {
      KeyPair keys = newKeys();
      return new Identity(keys, sign(keys, name, name, keys, null, true, 1));
    }

    /**
     * @param mail an alternative name; null: none
     * @param days how long it is valid from now; negative: how long it is over
     */
    public Identity issue(String subject, String mail, int days) throws Exception {
      KeyPair own = newKeys();
      return new Identity(own, sign(own, subject, issuer(), keys, mail, false, days));
    }

    /** As programs of OpenSSL's kind read it: the certificate, and the key behind it. */
    public String pem() throws Exception {
      return block("CERTIFICATE", certificate.getEncoded())
          + block("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String block(String type, byte[] octets) {
      return "-----BEGIN "
          + type
          + "-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets)
          + "\n-----END "
          + type
          + "-----\n";
    }

    private String issuer() {
      return certificate.getSubjectX500Principal().getName();
    }

    private static KeyPair newKeys() throws Exception {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    }

    private static X509Certificate sign(
        KeyPair own,
        String subject,
        String issuer,
        KeyPair authority,
        String mail,
        boolean isAuthority,
        int days)
        throws Exception {
      Instant end = Instant.now().plus(Duration.ofDays(days));
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer),
              BigInteger.valueOf(System.nanoTime()),
              Date.from(end.minus(Duration.ofDays(400))),
              Date.from(end),
              new X500Name(subject),
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      if (mail != null) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.rfc822Name, mail)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
    }

    private SSLContext context(Identity authority) throws Exception {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry("own", keys.getPrivate(), new char[0], new Certificate[] {certificate});
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(own, new char[0]);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", authority.certificate);
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    }
  }

  /**
   * Shakes hands.
   *
   * @param protocol {@code TLSv1.3}
   */
  static TlsPair shake(Identity authority, Identity server, Identity client, String protocol)
      throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket listener = new ServerSocket(0, 1, here)) {
      Socket plain = new Socket(here, listener.getLocalPort());
      SSLSocket near =
          (SSLSocket)
              client
                  .context(authority)
                  .getSocketFactory()
                  .createSocket(plain, "localhost", plain.getPort(), true);
      near.setEnabledProtocols(new String[] {protocol});
      SSLSocket far =
          (SSLSocket)
              server
                  .context(authority)
                  .getSocketFactory()
                  .createSocket(listener.accept(), null, true);
      far.setWantClientAuth(true);
      CompletableFuture<Void> shaking =
          CompletableFuture.runAsync(
              () -> {
                try {
                  near.startHandshake();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      far.startHandshake();
      shaking.get();
      return new TlsPair(far, near);
    }
  }

  SSLSession serverSession() {
    return server.getSession();
  }

  SSLSession clientSession() {
    return client.getSession();
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
