package org.postrider.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What a server is given to serve: accounts, their empty Maildirs, a certificate, and how many
 * modules are asked for an account. Each server gets one of its own, alike but for the directory.
 *
 * @param directory of this server alone; whoever the mail belongs to may pass through it
 * @param modules how many modules are asked: the last one knows the accounts
 * @param certificate a PEM file with an EC key and its certificate
 * @param secrets the hash of {@link #PASSWORD} by kind, without any scheme before it
 */
record Site(Path directory, int modules, Path certificate, List<String> secrets) {

  static final String PASSWORD = "correct-horse-battery";

  /** Whose the mail is: Debian's user mail. Courier's file watcher wants one that has a name. */
  static final int OWNER = 8;

  private static final int ACCOUNTS = 500;

  /** Kinds of password hashes, of which each has accounts of its own. */
  enum Hash {
    SHA256("{SHA256}"),
    CRYPT_SHA512("$6$");

    private final String label;

    Hash(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** Makes the Maildirs. */
  static Site make(Path directory, int modules, Path certificate)
      throws IOException, InterruptedException {
    Files.createDirectories(
        directory.resolve("mail"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Site site = new Site(directory, modules, certificate, List.of(sha256(), crypt()));
    for (Hash hash : Hash.values()) {
      for (int i = 0; i < ACCOUNTS; i++) {
        Path maildir = site.home(site.account(hash, i)).resolve("Maildir");
        for (String part : List.of("cur", "new", "tmp")) {
          Files.createDirectories(maildir.resolve(part));
        }
      }
    }
    Child.run("chown", "-R", OWNER + ":" + OWNER, directory.resolve("mail").toString());
    return site;
  }

  /**
   * Makes the key and the certificate that all servers have.
   *
   * @return the PEM file
   */
  static Path makeCertificate(Path directory) throws IOException, InterruptedException {
    Path pem = directory.resolve("imapd.pem");
    Path key = directory.resolve("key.pem");
    Path certificate = directory.resolve("certificate.pem");
    Child.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "3650",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    Files.writeString(pem, Files.readString(key) + Files.readString(certificate));
    Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-------"));
    return pem;
  }

  private static String sha256() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(PASSWORD.getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String crypt() throws IOException, InterruptedException {
    return Child.run("openssl", "passwd", "-6", "-salt", "saltysaltysalty1", PASSWORD).strip();
  }

  String secret(Hash hash) {
    return secrets.get(hash.ordinal());
  }

  /**
   * The name of an account.
   *
   * @param number any: they come round again
   */
  String account(Hash hash, int number) {
    return (hash == Hash.SHA256 ? "quick" : "slow")
        + Math.floorMod(number, ACCOUNTS)
        + "@example.com";
  }

  Path home(String account) {
    return directory.resolve("mail").resolve(account);
  }

  /**
   * A line for each account.
   *
   * @param line makes it from the name and the kind of hash
   */
  String lines(BiFunction<String, Hash, String> line) {
    List<String> lines = new ArrayList<>();
    for (Hash hash : Hash.values()) {
      for (int i = 0; i < ACCOUNTS; i++) {
        lines.add(line.apply(account(hash, i), hash));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** The accounts as Courier's userdb has them, which is also Postrider's. */
  void writeUserdb(Path file) throws IOException {
    String text =
        lines(
            (name, hash) ->
                "%s\tuid=%d|gid=%d|home=%s|mail=Maildir|systempw=%s"
                    .formatted(
                        name,
                        OWNER,
                        OWNER,
                        home(name),
                        hash == Hash.SHA256 ? "{SHA256}" + secret(hash) : secret(hash)));
    writePrivate(file, text);
  }

  /** Writes a file that only its owner may read. */
  static void writePrivate(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path draft = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A client's side of TLS, which trusts the certificate and nothing else. */
  ClientTls tls() throws IOException {
    return ClientTls.trusting(certificate.resolveSibling("certificate.pem"));
  }
}
