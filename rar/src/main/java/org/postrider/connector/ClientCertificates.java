package org.postrider.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whether clients are asked for certificates, and whose signature under them counts: Courier's
 * {@code TLS_VERIFYPEER} and {@code TLS_TRUSTCERTS}. A certificate that is shown and not valid ends
 * the handshake, as with Courier. Revocation is not asked for.
 *
 * @param demand whether clients are asked
 * @param authorities a PEM file of certificates, or a directory of such; empty: nobody is trusted,
 *     so nobody is asked
 */
record ClientCertificates(Demand demand, Optional<Path> authorities) {

  /** Nobody is asked. */
  static final ClientCertificates NONE = new ClientCertificates(Demand.NONE, Optional.empty());

  /** More than any site's own authorities. */
  private static final int FILES_MAX = 1000;

  /** Whether clients are asked for a certificate. */
  enum Demand {
    NONE,
    /** Asked; without one they come in as well. */
    PEER,
    /** Without one there is no connection. */
    REQUIREPEER
  }

  /**
   * @param demand as in the file
   * @param authorities as in the file; blank: none
   * @throws IllegalArgumentException where they are none, with a sentence for the administrator
   */
  static ClientCertificates of(String demand, String authorities) {
    Demand chosen;
    try {
      chosen = Demand.valueOf(demand.strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "TLS_VERIFYPEER is " + demand + "; it is one of NONE, PEER, REQUIREPEER.", e);
    }
    if (chosen == Demand.NONE) {
      return NONE;
    }
    if (authorities.isBlank()) {
      throw new IllegalArgumentException(
          "TLS_VERIFYPEER is "
              + chosen
              + ", and TLS_TRUSTCERTS does not say whose certificates are valid; name a PEM file"
              + " of the authorities' certificates.");
    }
    return new ClientCertificates(chosen, Optional.of(Path.of(authorities.strip())));
  }

  /** Asks, in the handshake to come. */
  void demandOf(SSLParameters parameters) {
    switch (demand) {
      case NONE -> {}
      case PEER -> parameters.setWantClientAuth(true);
      case REQUIREPEER -> parameters.setNeedClientAuth(true);
    }
  }

  /**
   * Who decides which certificates are valid.
   *
   * @return null where nobody is asked
   * @throws IOException where the authorities can't be read
   */
  TrustManager[] trust() throws IOException, GeneralSecurityException {
    return authorities.isEmpty() ? null : trusting(authorities.get());
  }

  /**
   * Who believes those whom these authorities have signed.
   *
   * @param authorities a PEM file of certificates, or a directory of such
   */
  static TrustManager[] trusting(Path authorities) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (X509Certificate certificate : certificates(authorities)) {
      trusted.setCertificateEntry(Integer.toString(trusted.size()), certificate);
    }
    if (trusted.size() == 0) {
      throw new GeneralSecurityException(authorities + " has no certificate.");
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static List<X509Certificate> certificates(Path source)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : files(source)) {
      certificates.addAll(Certificates.readTrusted(file));
    }
    return certificates;
  }

  private static List<Path> files(Path source) throws IOException {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    try (Stream<Path> files = Files.list(source)) {
      return files.filter(Files::isRegularFile).sorted().limit(FILES_MAX).toList();
    }
  }
}
