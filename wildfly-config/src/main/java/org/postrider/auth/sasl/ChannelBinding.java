package org.postrider.auth.sasl;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLSession;

/**
 * What both ends of a TLS connection know of it and nobody in the middle can have made alike: by it
 * a sign-in belongs to one connection.
 */
final class ChannelBinding {

  /** The names of the two that this server knows; {@code tls-unique} has no meaning in TLS 1.3. */
  static final String EXPORTER = "tls-exporter";

  static final String SERVER_END_POINT = "tls-server-end-point";

  private ChannelBinding() {}

  /** Whether a connection has any. */
  static boolean isPossible(SaslPeer peer) {
    return peer.tls().isPresent()
        && (data(EXPORTER, peer).isPresent() || data(SERVER_END_POINT, peer).isPresent());
  }

  /**
   * The data of a type.
   *
   * @return empty if the type is not known, or not to be had on this connection
   */
  static Optional<byte[]> data(String type, SaslPeer peer) {
    return switch (type) {
      case EXPORTER -> peer.tls().flatMap(ChannelBinding::exported);
      case SERVER_END_POINT -> peer.tls().flatMap(ChannelBinding::endPoint);
      default -> Optional.empty();
    };
  }

  /** RFC 9266 section 2: only where the master secret is one of this connection alone. */
  private static Optional<byte[]> exported(SSLSession session) {
    if (!(session instanceof ExtendedSSLSession extended)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          extended.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32));
    } catch (SSLKeyException | IllegalStateException | UnsupportedOperationException none) {
      return Optional.empty();
    }
  }

  /** RFC 5929 section 4.1: the server's certificate, by the hash function of its signature. */
  private static Optional<byte[]> endPoint(SSLSession session) {
    Certificate[] chain = session.getLocalCertificates();
    if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      return Optional.empty();
    }
    try {
      Optional<String> hash = hash(certificate);
      return hash.isEmpty()
          ? Optional.empty()
          : Optional.of(MessageDigest.getInstance(hash.get()).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException | IOException none) {
      return Optional.empty();
    }
  }

  /** The function, SHA-256 in place of weaker ones; empty if a signature has none, or two. */
  private static Optional<String> hash(X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    if (signature.equals("RSASSA-PSS")) {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(certificate.getSigAlgParams());
      return Optional.of(
          strong(parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm()));
    }
    int with = signature.indexOf("WITH");
    return with < 0 ? Optional.empty() : Optional.of(strong(signature.substring(0, with)));
  }

  private static String strong(String hash) {
    return switch (hash.toUpperCase(Locale.ROOT).replace("-", "")) {
      case "SHA384" -> "SHA-384";
      case "SHA512" -> "SHA-512";
      case "SHA224" -> "SHA-224";
      default -> "SHA-256";
    };
  }
}
