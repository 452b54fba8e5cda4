package org.postrider.auth.ldap;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test's own, in PEM files. */
final class TestAuthority {

  private final Path directory;
  private final X500Principal name;
  private final KeyPair keys = pair();
  private int serial;

  /** Makes it, and {@link #file}. */
  TestAuthority(Path directory, String name) throws Exception {
    this.directory = directory;
    this.name = new X500Principal("CN=" + name);
    X509v3CertificateBuilder own = builder(this.name, keys);
    own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    write(own, file());
  }

  /** Its certificate. */
  Path file() {
    return directory.resolve(name.getName() + ".pem");
  }

  /** Makes NAME.pem and NAME.key. */
  void issue(String host) throws Exception {
    KeyPair its = pair();
    X509v3CertificateBuilder builder = builder(new X500Principal("CN=" + host), its);
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
    write(builder, directory.resolve(host + ".pem"));
    try (Writer out = Files.newBufferedWriter(directory.resolve(host + ".key"));
        JcaPEMWriter pem = new JcaPEMWriter(out)) {
      pem.writeObject(new JcaPKCS8Generator(its.getPrivate(), null));
    }
  }

  /** RSA: what GnuTLS, which Debian's slapd uses, takes of EC keys is not what Java writes. */
  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private X509v3CertificateBuilder builder(X500Principal subject, KeyPair its) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(++serial),
        Date.from(now.minus(1, ChronoUnit.HOURS)),
        Date.from(now.plus(1, ChronoUnit.DAYS)),
        subject,
        its.getPublic());
  }

  private void write(X509v3CertificateBuilder certificate, Path file) throws Exception {
    try (Writer out = Files.newBufferedWriter(file);
        JcaPEMWriter pem = new JcaPEMWriter(out)) {
      pem.writeObject(
          certificate.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    } catch (IOException failed) {
      throw new IOException(file + " cannot be written", failed);
    }
  }
}
