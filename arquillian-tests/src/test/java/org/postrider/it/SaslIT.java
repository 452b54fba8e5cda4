package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.oauth.TestIssuer;
import org.postrider.auth.sasl.TlsPair.Identity;

/** A site that has switched everything on, and the clients that know each mechanism. */
class SaslIT {

  private static final String USER = "ann@example.org";
  private static final String PASSWORD = PostriderServer.PASSWORD;

  /** As an administrator of Courier writes them. */
  private static final String IMAPD =
      """
      IMAP_CAPABILITY="IMAP4rev1 IDLE AUTH=CRAM-MD5 AUTH=CRAM-SHA1 AUTH=CRAM-SHA256"
      IMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256 \
      AUTH=SCRAM-SHA-1-PLUS AUTH=SCRAM-SHA-256-PLUS"
      DEFDOMAIN="@example.org"
      """;

  private static Path directory;
  private static PostriderServer server;

  @BeforeAll
  static void startServer() throws Exception {
    directory = PostriderServer.directory("sasl-clients");
    server = new PostriderServer("sasl");
    Path etc = Files.createDirectories(server.home().resolve("etc"));
    Identity authority = Identity.authority();
    write(directory.resolve("ann.pem"), authority.issue("CN=Ann,E=" + USER, null, 30).pem());
    write(directory.resolve("bob.pem"), authority.issue("CN=Bob", "bob@example.org", 30).pem());
    write(directory.resolve("old.pem"), authority.issue("CN=Ann,E=" + USER, null, -1).pem());
    write(directory.resolve("authority.pem"), authority.pem());
    write(etc.resolve("imapd"), IMAPD);
    write(
        etc.resolve("imapd-ssl"),
        "TLS_VERIFYPEER=PEER\nTLS_EXTERNAL=emailaddress\nTLS_TRUSTCERTS="
            + directory.resolve("authority.pem")
            + "\n");
    write(etc.resolve("keys.json"), TestIssuer.allKeys());
    write(
        etc.resolve("oauth.properties"),
        "issuer=https://login.example.org\naudience=imap\nkeys=keys.json\n");
    write(etc.resolve("userdb"), record());
    server.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  private static void write(Path file, String text) throws Exception {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String record() throws Exception {
    StringBuilder record =
        new StringBuilder(
            "%s\tuid=%s|gid=%s|home=mail/ann"
                .formatted(
                    USER,
                    Files.getAttribute(server.home(), "unix:uid"),
                    Files.getAttribute(server.home(), "unix:gid")));
    Program userdbpw =
        new Program(
            PostriderServer.property("postrider.it.server").resolve("sbin/userdbpw"), directory);
    for (String kind :
        List.of("hmac-md5", "hmac-sha1", "hmac-sha256", "scram-sha-1", "scram-sha-256")) {
      String secret =
          userdbpw.run(List.of("-" + kind), (PASSWORD + "\n").getBytes(UTF_8)).succeeded();
      record.append("|%spw=%s".formatted(kind, secret.strip()));
    }
    return record.append('\n').toString();
  }

  private static String token(String email) throws Exception {
    return TestIssuer.token(
        "{\"alg\":\"RS256\",\"kid\":\"rsa\"}",
        "{\"iss\":\"https://login.example.org\",\"aud\":\"imap\",\"email\":\"%s\",\"exp\":%d}"
            .formatted(email, Instant.now().plusSeconds(3600).getEpochSecond()),
        TestIssuer.RSA);
  }

  private static Program.Ended curl(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "60", "--ssl-reqd"));
    arguments.addAll(List.of("--cacert", server.certificate().toString()));
    arguments.addAll(List.of(more));
    arguments.add("imaps://localhost:%d/".formatted(server.imaps().getPort()));
    return Program.find("curl", "curl", directory).run(arguments);
  }

  @Test
  void curlAnswersChallenges() throws Exception {
    List<String> cram = List.of("--login-options", "AUTH=CRAM-MD5", "--user");
    assertThat(curl(cram.get(0), cram.get(1), cram.get(2), USER + ":" + PASSWORD).succeeded())
        .contains("INBOX");
    assertThat(curl(cram.get(0), cram.get(1), cram.get(2), "ann:" + PASSWORD).succeeded())
        .contains("INBOX");
    assertThat(curl(cram.get(0), cram.get(1), cram.get(2), USER + ":wrong").exit()).isEqualTo(67);
    assertThat(server.log())
        .contains("LOGIN FAILED, user=" + USER + ", method=CRAM-MD5, ip=[127.0.0.1], port=[");
  }

  @ParameterizedTest
  @ValueSource(strings = {"XOAUTH2", "OAUTHBEARER"})
  void curlShowsItsToken(String mechanism) throws Exception {
    assertThat(
            curl(
                    "--login-options", "AUTH=" + mechanism,
                    "--user", USER + ":",
                    "--oauth2-bearer", token(USER))
                .succeeded())
        .contains("INBOX");
    assertThat(
            curl(
                    "--login-options", "AUTH=" + mechanism,
                    "--user", USER + ":",
                    "--oauth2-bearer", token("bob@example.org"))
                .exit())
        .isNotZero();
  }

  private static Program.Ended external(String certificate, String user) throws Exception {
    return curl(
        "--cert",
        directory.resolve(certificate).toString(),
        "--login-options",
        "AUTH=EXTERNAL",
        "--user",
        user + ":");
  }

  @Test
  void aCertificateIsEnough() throws Exception {
    assertThat(external("ann.pem", USER).succeeded()).contains("INBOX");
    assertThat(external("ann.pem", "bob@example.org").exit()).as("another account").isEqualTo(67);
    assertThat(external("bob.pem", "bob@example.org").exit()).as("no account").isEqualTo(67);
    assertThat(external("old.pem", USER).exit()).as("expired").isNotZero();
  }

  private static Program.Ended gsasl(String mechanism, String password, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--imap",
                "--connect=localhost:" + server.imap().getPort(),
                "--x509-ca-file=" + server.certificate(),
                "--mechanism=" + mechanism,
                "--authentication-id=" + USER,
                "--password=" + password));
    arguments.addAll(List.of(more));
    return Program.find("gsasl", "gsasl", directory).run(arguments, ". LOGOUT\r\n".getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "SCRAM-SHA-256-PLUS, --verbose",
    "SCRAM-SHA-1-PLUS, --verbose",
    "SCRAM-SHA-256, --no-cb",
    "SCRAM-SHA-1, --no-cb"
  })
  void gnuSaslTrustsTheServerAndIsTrusted(String mechanism, String option) throws Exception {
    assertThat(gsasl(mechanism, PASSWORD, option).succeeded())
        .contains("server trusted", ". OK LOGOUT completed");
    assertThat(gsasl(mechanism, "wrong", option).exit()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"})
  void mbsyncAndCyrusSaslSignIn(String mechanism) throws Exception {
    Path local = Files.createDirectories(directory.resolve("mbsync-" + mechanism));
    Path settings = directory.resolve("mbsyncrc");
    Files.writeString(
        settings,
        """
        IMAPAccount postrider
        Host localhost
        Port %d
        User %s
        Pass %s
        AuthMechs %s
        SSLType IMAPS
        CertificateFile %s

        IMAPStore remote
        Account postrider

        MaildirStore local
        Path %6$s/
        Inbox %6$s/INBOX

        Channel all
        Far :remote:
        Near :local:
        Patterns INBOX
        Create Near
        SyncState *
        """
            .formatted(
                server.imaps().getPort(), USER, PASSWORD, mechanism, server.certificate(), local));
    Program.find("mbsync", "isync", directory)
        .run(List.of("-c", settings.toString(), "all"))
        .succeeded();
    assertThat(local.resolve("INBOX/cur")).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cram-md5", "scram-sha-256"})
  void muttSignsIn(String mechanism) throws Exception {
    String inbox = "imaps://localhost:%d/INBOX".formatted(server.imaps().getPort());
    Path settings = directory.resolve("muttrc");
    Files.writeString(
        settings,
        """
        set imap_user="%s"
        set imap_pass="%s"
        set imap_authenticators="%s"
        set record="%s"
        set ssl_usesystemcerts=no
        set certificate_file="%s"
        set sendmail=/bin/true
        set from="someone@example.org"
        set use_from=yes
        set confirmappend=no
        set tmpdir="%s"
        """
            .formatted(USER, PASSWORD, mechanism, inbox, server.certificate(), directory));
    Program.find("mutt", "mutt", directory)
        .run(
            List.of("-n", "-F", settings.toString(), "-s", mechanism, "--", "a@example.org"),
            "Text\n".getBytes(UTF_8))
        .succeeded();
    try (var mail = Files.walk(server.home().resolve("mail/ann/Maildir"))) {
      assertThat(mail.filter(Files::isRegularFile).map(SaslIT::text))
          .anySatisfy(text -> assertThat(text).contains("Subject: " + mechanism));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void imaplibGoesOnAfterWhatWentWrong() throws Exception {
    String name = "sasl_session.py";
    Path script = directory.resolve(name);
    try (InputStream in = SaslIT.class.getResourceAsStream("/clients/" + name)) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    String account = server.newAccount();
    List<String> said =
        Program.find("python3", "python3", directory)
            .run(
                List.of(
                    "-B",
                    script.toString(),
                    Integer.toString(server.imaps().getPort()),
                    server.certificate().toString(),
                    account,
                    PASSWORD,
                    token(account)))
            .succeeded()
            .lines()
            .toList();
    assertThat(said)
        .satisfiesExactly(
            line -> assertThat(line).as("no context").contains("[AUTHENTICATIONFAILED]"),
            line -> assertThat(line).isEqualTo("plain OK"),
            line -> assertThat(line).isEqualTo("bearer OK"),
            line -> assertThat(line).isEqualTo("xoauth2 OK"),
            line -> assertThat(line).startsWith("wrong").contains("[AUTHENTICATIONFAILED]"),
            line -> assertThat(line).startsWith("other").contains("[AUTHORIZATIONFAILED]"),
            line -> assertThat(line).startsWith("cancelled").contains("cancelled"),
            line -> assertThat(line).startsWith("unknown").contains("[CANNOT]"),
            line -> assertThat(line).isEqualTo("right OK"),
            line -> assertThat(line).isEqualTo("selected OK"),
            line -> assertThat(line).startsWith("refused").contains("[AUTHENTICATIONFAILED]"),
            line -> assertThat(line).startsWith("refused").contains("[AUTHENTICATIONFAILED]"),
            line -> assertThat(line).startsWith("too long").contains("at most 65536 octets"),
            line -> assertThat(line).isEqualTo("right OK"));
  }

  @Test
  void whatIsAnnouncedCanSucceed() throws Exception {
    try (ImapClient client = server.connect()) {
      assertThat(client.ok("CAPABILITY"))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("AUTH=SCRAM-SHA-256-PLUS", "AUTH=CRAM-MD5", "AUTH=OAUTHBEARER")
                      .doesNotContain("EXTERNAL", "GSSAPI"));
    }
  }

  @Test
  void nothingSecretIsInTheLog() throws Exception {
    String token = token(USER);
    curl("--login-options", "AUTH=XOAUTH2", "--user", "x@y:", "--oauth2-bearer", token);
    gsasl("SCRAM-SHA-256-PLUS", PASSWORD);
    assertThat(server.log())
        .doesNotContain(PASSWORD)
        .doesNotContain(token.substring(token.length() - 40));
  }
}
