package org.postrider.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postrider.auth.Kdc;

/**
 * A site with Kerberos: a KDC of its own, tickets by {@code kinit}, and the clients that people
 * use.
 */
class KerberosIT {

  private static final String FROM_THE_KDC = "from-the-kdc";

  private static Path directory;
  private static Kdc kdc;
  private static PostriderServer server;
  private static Path keytab;

  @BeforeAll
  static void startKdcAndServer() throws Exception {
    directory = PostriderServer.directory("kerberos-clients");
    kdc = Kdc.start(directory.resolve("kdc"));
    kdc.addUser("ann", FROM_THE_KDC);
    kdc.addUser("nomail", FROM_THE_KDC);
    kdc.addUser("ann@" + Kdc.TRUSTED, FROM_THE_KDC);
    server =
        new PostriderServer("kerberos")
            .with("java.security.krb5.conf", kdc.configuration().toString());
    Path etc = Files.createDirectories(server.home().resolve("etc"));
    keytab = etc.resolve("imap.keytab");
    kdc.addService("imap/localhost", keytab);
    kdc.addService("host/localhost", keytab);
    Files.writeString(
        etc.resolve("authdaemonrc"),
        "authmodulelist=\"com.sun.security.auth.module.Krb5LoginModule authuserdb\"\n");
    PostriderServer.addAccount(server.home(), "ann");
    PostriderServer.addAccount(server.home(), "bob");
    server.start();
  }

  @AfterAll
  static void stopServerAndKdc() throws Exception {
    try {
      if (server != null) {
        server.close();
      }
    } finally {
      kdc.close();
    }
  }

  private static Path ticket(String principal, String... options) throws Exception {
    return kdc.ticket(principal, FROM_THE_KDC, options);
  }

  private static Program.Ended curl(Path ticket, String path, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "60", "--ssl-reqd"));
    arguments.addAll(List.of("--cacert", server.certificate().toString()));
    // Only a name with a realm makes curl think of Kerberos.
    arguments.addAll(List.of("--user", "ann@EXAMPLE.ORG:", "--login-options", "AUTH=GSSAPI"));
    arguments.addAll(List.of(more));
    arguments.add("imaps://localhost:%d/%s".formatted(server.imaps().getPort(), path));
    return Program.find("curl", "curl", directory)
        .run(arguments, new byte[0], kdc.environment(ticket));
  }

  /** The lines that {@code gssapi_session.py} writes. */
  private static List<String> python(Path ticket, String... turns) throws Exception {
    String name = "gssapi_session.py";
    Path script = directory.resolve(name);
    try (InputStream in = KerberosIT.class.getResourceAsStream("/clients/" + name)) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> arguments = new ArrayList<>(List.of("-B", script.toString()));
    arguments.add(Integer.toString(server.imaps().getPort()));
    arguments.add(server.certificate().toString());
    arguments.addAll(List.of(turns));
    // Debian's own, which has Debian's gssapi.
    return new Program(Path.of("/usr/bin/python3"), directory)
        .run(arguments, new byte[0], kdc.environment(ticket))
        .succeeded()
        .lines()
        .toList();
  }

  @Test
  void curlSignsInByTicket() throws Exception {
    Path ticket = ticket("ann");
    assertThat(curl(ticket, "").succeeded()).contains("* LIST (");
    assertThat(curl(ticket, "", "--sasl-ir").succeeded()).contains("* LIST (");
    assertThat(server.log()).contains("LOGIN, user=ann");
  }

  @Test
  void expiredTicketIsOfNoUseAndANewOneIs() throws Exception {
    Path ticket = ticket("ann", "-l", "1s");
    // Within its last second the ticket is none for klist, and still one for the client's library.
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> curl(ticket, "").exit() != 0);
    assertThat(curl(ticket("ann"), "").succeeded()).contains("* LIST (");
  }

  @Test
  void mbsyncSignsInByTicket() throws Exception {
    Path local = Files.createDirectories(directory.resolve("mbsync"));
    Path settings = directory.resolve("mbsyncrc");
    Files.writeString(
        settings,
        """
        IMAPAccount postrider
        Host localhost
        Port %d
        User ann
        Pass none
        AuthMechs GSSAPI
        SSLType IMAPS
        CertificateFile %s

        IMAPStore remote
        Account postrider

        MaildirStore local
        Path %3$s/
        Inbox %3$s/INBOX

        Channel all
        Far :remote:
        Near :local:
        Patterns INBOX
        Create Near
        SyncState *
        """
            .formatted(server.imaps().getPort(), server.certificate(), local));
    Program.find("mbsync", "isync", directory)
        .run(List.of("-c", settings.toString(), "all"), new byte[0], kdc.environment(ticket("ann")))
        .succeeded();
    assertThat(local.resolve("INBOX/cur")).isDirectory();
  }

  @Test
  void muttSignsInByTicket() throws Exception {
    String inbox = "imaps://localhost:%d/INBOX".formatted(server.imaps().getPort());
    Path settings = directory.resolve("muttrc");
    Files.writeString(
        settings,
        """
        set imap_user="ann"
        set imap_pass="wrong"
        set imap_authenticators="gssapi"
        set record="%s"
        set ssl_usesystemcerts=no
        set certificate_file="%s"
        set sendmail=/bin/true
        set from="someone@example.org"
        set use_from=yes
        set confirmappend=no
        set tmpdir="%s"
        """
            .formatted(inbox, server.certificate(), directory));
    Program.find("mutt", "mutt", directory)
        .run(
            List.of("-n", "-F", settings.toString(), "-s", "By ticket", "--", "other@example.org"),
            "Text\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            kdc.environment(ticket("ann")))
        .succeeded();
    try (ImapClient client = server.connect()) {
      client.ok("LOGIN ann " + FROM_THE_KDC);
      client.ok("SELECT INBOX");
      assertThat(client.ok("SEARCH SUBJECT \"By ticket\"").getFirst()).matches("\\* SEARCH \\d.*");
    }
  }

  @Test
  void connectionIsOfUseAfterWhatWentWrong() throws Exception {
    assertThat(python(ticket("ann"), "garbage", "cancel", "layer", "imap:bob", "imap:ann"))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("announced"),
            line -> assertThat(line).startsWith("garbage").contains("[AUTHENTICATIONFAILED]"),
            line -> assertThat(line).startsWith("cancel").contains("cancelled"),
            line -> assertThat(line).startsWith("layer").contains("No security layer"),
            line -> assertThat(line).startsWith("imap:bob").contains("[AUTHORIZATIONFAILED]"),
            line -> assertThat(line).isEqualTo("imap:ann OK"),
            line -> assertThat(line).isEqualTo("selected SELECTED"));
  }

  @Test
  void principalItselfMayBeNamed() throws Exception {
    assertThat(python(ticket("ann"), "imap:ann@EXAMPLE.ORG")).contains("imap:ann@EXAMPLE.ORG OK");
    assertThat(python(ticket("ann"), "imap:")).contains("imap: OK", "selected SELECTED");
  }

  @Test
  void whoIsNobodyHereIsRefused() throws Exception {
    for (String principal : List.of("ann@" + Kdc.TRUSTED, "nomail")) {
      assertThat(python(ticket(principal), "imap:"))
          .anySatisfy(line -> assertThat(line).contains("[AUTHENTICATIONFAILED]"));
    }
    assertThat(python(ticket("ann"), "host:"))
        .anySatisfy(line -> assertThat(line).contains("[AUTHENTICATIONFAILED]"));
    assertThat(server.log())
        .contains("ann@STRANGERS.EXAMPLE has a ticket, but nobody of that realm has mail here")
        .contains("nomail@EXAMPLE.ORG has a ticket, but there is no account")
        .contains("for host/localhost@EXAMPLE.ORG, which is not this service");
  }

  @Test
  void withoutAKeyThereIsNoSignInByTicket() throws Exception {
    Path away = keytab.resolveSibling("imap.keytab.away");
    Files.move(keytab, away);
    try {
      assertThat(python(ticket("ann"), "garbage"))
          .satisfiesExactly(
              line -> assertThat(line).isEqualTo("not announced"),
              line -> assertThat(line).contains("[CANNOT]"));
      assertThat(curl(ticket("ann"), "").exit()).isEqualTo(67);
    } finally {
      Files.move(away, keytab);
    }
    assertThat(curl(ticket("ann"), "").succeeded()).contains("* LIST (");
  }

  @Test
  void kdcChecksPasswordsAndItsSilenceIsNoRefusal() throws Exception {
    try (ImapClient client = server.connect()) {
      assertThat(client.command("LOGIN ann wrong").getLast()).contains("[AUTHENTICATIONFAILED]");
      kdc.close();
      try {
        assertThat(client.command("LOGIN ann " + FROM_THE_KDC).getLast()).contains("[UNAVAILABLE]");
      } finally {
        kdc.resume();
      }
      client.ok("LOGIN ann " + FROM_THE_KDC);
    }
    try (ImapClient client = server.connect()) {
      client.ok("LOGIN bob " + PostriderServer.PASSWORD);
    }
  }
}
