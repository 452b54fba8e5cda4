package org.postrider.connector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A server's private key and its certificate chain, the server's own certificate first.
 *
 * <p>On disk this is Courier's {@code imapd.pem}, read by OpenSSL, GnuTLS and by this class alike:
 *
 * <table>
 * <caption>PEM blocks, in any order; text between them is skipped</caption>
 * <tr><td>{@code PRIVATE KEY}, {@code EC PRIVATE KEY}, {@code RSA PRIVATE KEY}</td>
 *     <td>exactly one, not encrypted (RFC 5958, RFC 5915, RFC 8017)</td></tr>
 * <tr><td>{@code CERTIFICATE}</td><td>the one that belongs to the key, then those that signed it</td></tr>
 * <tr><td>anything else, such as {@code DH PARAMETERS}</td><td>skipped</td></tr>
 * </table>
 *
 * <p>Files are written to a scratch file of mode 600 beside the target, synced, and renamed over
 * it: a reader sees the old or the new one, never a part, and nobody but the owner sees any. A
 * crash leaves the scratch file, named {@code .certificate*.tmp}, behind.
 *
 * <p>Immutable; may be shared by threads.
 *
 * @param key the private key
 * @param chain the certificate of that key, followed by its issuers as far as they are known; never
 *     empty
 */
public record Certificates(PrivateKey key, List<X509Certificate> chain) {

  /**
   * How long a certificate that we sign ourselves lasts: longer ones are refused by Apple's
   * clients.
   */
  public static final Duration SELF_SIGNED_LIFETIME = Duration.ofDays(825);

  /** A PEM file beyond this many octets is not one. */
  private static final int PEM_MAX_OCTETS = 1 << 20;

  /** A key, its parameters, and a chain: those in use have up to five certificates. */
  private static final int BLOCKS_MAX = 32;

  /** All authorities that an operating system trusts are a hundred and fifty. */
  private static final int TRUSTED_MAX = 1000;

  /** The subject's common name is limited by X.520. */
  private static final int COMMON_NAME_MAX = 64;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Copies the chain. */
  public Certificates {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A key without its certificate serves nobody");
    }
  }

  /**
   * Makes an EC key on the curve P-256 and a certificate for these names that is signed by that
   * key.
   *
   * @param names host names and addresses (IPv4 or IPv6 literals) for the subjectAltName, the first
   *     also as the common name; at least one
   * @param now the certificate is valid from a day before, for clocks that are late
   */
  public static Certificates selfSigned(List<String> names, Instant now)
      throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    KeyPair pair = generator.generateKeyPair();
    X500Name subject = subject(names.getFirst());
    Instant from = now.minus(Duration.ofDays(1));
    var builder =
        new JcaX509v3CertificateBuilder(
            subject,
            new BigInteger(127, RANDOM).setBit(126),
            Date.from(from),
            Date.from(from.plus(SELF_SIGNED_LIFETIME)),
            subject,
            pair.getPublic());
    builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      return new Certificates(
          pair.getPrivate(), List.of(certificate(builder.build(signer).getEncoded())));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("This Java cannot sign with ECDSA", e);
    }
  }

  /**
   * Reads a PEM file.
   *
   * @throws IOException when it cannot be read, or its blocks are damaged
   * @throws GeneralSecurityException when key or certificate are missing, encrypted, of an unknown
   *     kind or do not belong together; the message names the file and says what to do
   */
  public static Certificates read(Path pem) throws IOException, GeneralSecurityException {
    if (Files.size(pem) > PEM_MAX_OCTETS) {
      throw new GeneralSecurityException(pem + " is larger than a certificate file can be (1 MB).");
    }
    PrivateKey key = null;
    List<X509Certificate> found = new ArrayList<>();
    for (PemObject block : blocks(pem, BLOCKS_MAX)) {
      if (block.getType().equals("ENCRYPTED PRIVATE KEY")
          || block.getHeaders().toString().contains("ENCRYPTED")) {
        throw new GeneralSecurityException(
            "The private key in "
                + pem
                + " is encrypted: store it without a pass phrase, mode 600.");
      }
      if (block.getType().equals("CERTIFICATE")) {
        found.add(certificate(block.getContent()));
      } else if (block.getType().endsWith("PRIVATE KEY")) {
        if (key != null) {
          throw new GeneralSecurityException(pem + " has two private keys: leave one.");
        }
        try {
          key = privateKey(block, pem);
        } catch (IllegalArgumentException e) {
          throw new GeneralSecurityException("The private key in " + pem + " is damaged.", e);
        }
      }
    }
    if (key == null) {
      throw new GeneralSecurityException(
          pem + " has no private key: append it to the certificate.");
    }
    return new Certificates(key, chain(key, found, pem));
  }

  /** Writes the chain and the key, in this order, as PEM. */
  public void writePem(Path file) throws IOException, GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      appendBlock(text, "CERTIFICATE", certificate.getEncoded());
    }
    appendBlock(text, "PRIVATE KEY", key.getEncoded());
    replace(file, text.toString().getBytes(US_ASCII));
  }

  /** Writes key and chain as a PKCS#12 key store, for WildFly's own listeners. */
  public void writePkcs12(Path file, char[] password) throws IOException, GeneralSecurityException {
    var octets = new ByteArrayOutputStream();
    keyStore(password).store(octets, password);
    replace(file, octets.toByteArray());
  }

  /** A key store with one entry, {@code postrider}, whose key has this password. */
  public KeyStore keyStore(char[] password) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("postrider", key, password, chain.toArray(Certificate[]::new));
    return store;
  }

  /**
   * A context for server sockets that present this chain; which protocols they speak is the
   * socket's matter.
   */
  public SSLContext sslContext() throws IOException, GeneralSecurityException {
    return sslContext(null);
  }

  /**
   * The same, with a say in whose certificates are valid at the other end.
   *
   * @param trust null: those that every Java program trusts
   */
  SSLContext sslContext(TrustManager[] trust) throws IOException, GeneralSecurityException {
    char[] password = {};
    // This kind takes the key out of the store once. The default one does so for each handshake,
    // and a PKCS#12 store
    // derives a key of its own by ten thousand rounds first: more than half of what a handshake
    // costs.
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(keyStore(password), password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust, RANDOM);
    return context;
  }

  /** The end of the server's own certificate. */
  public Instant validUntil() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /** Whether the certificate is its own issuer, as those of {@link #selfSigned} are. */
  public boolean isSelfSigned() {
    X509Certificate own = chain.getFirst();
    return own.getSubjectX500Principal().equals(own.getIssuerX500Principal());
  }

  /**
   * Reads the certificates in a PEM file, whatever else is in it.
   *
   * @throws IOException where it can't be read or is damaged
   */
  static List<X509Certificate> readTrusted(Path pem) throws IOException, GeneralSecurityException {
    if (Files.size(pem) > PEM_MAX_OCTETS) {
      throw new GeneralSecurityException(pem + " is larger than a certificate file can be (1 MB).");
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> found = new ArrayList<>();
    for (PemObject block : blocks(pem, TRUSTED_MAX)) {
      if (block.getType().endsWith("CERTIFICATE")) {
        found.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(block.getContent())));
      }
    }
    return found;
  }

  private static List<PemObject> blocks(Path pem, int max)
      throws IOException, GeneralSecurityException {
    List<PemObject> blocks = new ArrayList<>();
    // Latin-1 reads any octets: comments between the blocks are in whatever their writer used.
    try (PemReader in = new PemReader(new StringReader(Files.readString(pem, ISO_8859_1)))) {
      for (PemObject block = in.readPemObject(); block != null; block = in.readPemObject()) {
        if (blocks.size() == max) {
          throw new GeneralSecurityException(pem + " has more than " + max + " PEM blocks.");
        }
        blocks.add(block);
      }
      return blocks;
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException(pem + " has a damaged PEM block: " + e.getMessage(), e);
    }
  }

  private static X500Name subject(String name) {
    String commonName = name.length() <= COMMON_NAME_MAX ? name : "Postrider";
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static GeneralNames alternativeNames(List<String> names) throws IOException {
    List<GeneralName> all = new ArrayList<>();
    for (String name : names) {
      if (name.indexOf(':') >= 0 || name.matches("[0-9.]+")) {
        // A literal address is never looked up.
        all.add(
            new GeneralName(GeneralName.iPAddress, InetAddress.getByName(name).getHostAddress()));
      } else {
        all.add(new GeneralName(GeneralName.dNSName, name));
      }
    }
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
  }

  private static PrivateKey privateKey(PemObject block, Path pem)
      throws IOException, GeneralSecurityException {
    PrivateKeyInfo info =
        switch (block.getType()) {
          case "EC PRIVATE KEY" -> {
            ECPrivateKey ec = ECPrivateKey.getInstance(block.getContent());
            yield new PrivateKeyInfo(
                new AlgorithmIdentifier(
                    X9ObjectIdentifiers.id_ecPublicKey, ec.getParametersObject()),
                ec);
          }
          case "RSA PRIVATE KEY" ->
              new PrivateKeyInfo(
                  new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                  RSAPrivateKey.getInstance(block.getContent()));
          case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(block.getContent());
          default ->
              throw new GeneralSecurityException(
                  pem
                      + " has a key of the kind \""
                      + block.getType()
                      + "\": use EC, RSA or Ed25519.");
        };
    var algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
    String name;
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      name = "EC";
    } else if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      name = "RSA";
    } else if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
      name = "Ed25519";
    } else {
      throw new GeneralSecurityException(
          pem + " has a key of an unknown algorithm (" + algorithm + "): use EC, RSA or Ed25519.");
    }
    return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }

  /**
   * The certificate of the key, then each time the one that signed the last, as far as they are
   * there.
   */
  private static List<X509Certificate> chain(PrivateKey key, List<X509Certificate> found, Path pem)
      throws GeneralSecurityException {
    List<X509Certificate> rest = new ArrayList<>(found);
    List<X509Certificate> chain = new ArrayList<>();
    for (X509Certificate candidate : found) {
      if (belongsTo(key, candidate)) {
        chain.add(candidate);
        rest.remove(candidate);
        break;
      }
    }
    if (chain.isEmpty()) {
      throw new GeneralSecurityException(
          found.isEmpty()
              ? pem + " has no certificate: put it before the key."
              : "No certificate in " + pem + " belongs to the private key there.");
    }
    for (Optional<X509Certificate> issuer = issuer(chain.getLast(), rest);
        issuer.isPresent();
        issuer = issuer(chain.getLast(), rest)) {
      chain.add(issuer.get());
      rest.remove(issuer.get());
    }
    return chain;
  }

  private static Optional<X509Certificate> issuer(X509Certificate of, List<X509Certificate> among) {
    return among.stream()
        .filter(it -> it.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
        .findFirst();
  }

  /**
   * What the key signs, the certificate verifies: true for any algorithm, and needs no public half.
   */
  private static boolean belongsTo(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String name =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    byte[] probe = new byte[32];
    RANDOM.nextBytes(probe);
    try {
      Signature signature = Signature.getInstance(name);
      signature.initSign(key, RANDOM);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException e) {
      return false; // a key of another kind or curve
    }
  }

  private static void appendBlock(StringBuilder text, String type, byte[] der) {
    text.append("-----BEGIN ").append(type).append("-----\n");
    text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    text.append("\n-----END ").append(type).append("-----\n");
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path scratch = Files.createTempFile(directory, ".certificate", ".tmp", ownerOnly);
    try {
      try (FileChannel out = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          out.write(left);
        }
        out.force(true);
      }
      Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(scratch);
    }
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
