package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutt, with the keys pressed for it. */
@ExtendWith(SharedServer.class)
class MuttIT {

  private final PostriderServer server;
  private Path directory;
  private Program mutt;
  private String account;

  MuttIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void findMutt() throws Exception {
    directory = PostriderServer.directory("mutt");
    mutt = Program.find("mutt", "mutt", directory);
    account = server.newAccount();
  }

  private String url(String scheme, String mailbox) {
    int port = scheme.equals("imaps") ? server.imaps().getPort() : server.imap().getPort();
    return "%s://127.0.0.1:%d/%s".formatted(scheme, port, mailbox);
  }

  private Path settings(String scheme, String more) throws IOException {
    Path file = directory.resolve("muttrc");
    Files.writeString(
        file,
        """
        set imap_user="%s"
        set imap_pass="%s"
        set folder="%s"
        set spoolfile="%s"
        set record="%s"
        set ssl_usesystemcerts=no
        set certificate_file="%s"
        set ssl_force_tls=yes
        set ssl_starttls=yes
        set imap_idle=no
        set sendmail=/bin/true
        set from="someone@example.org"
        set use_from=yes
        set confirmappend=no
        set confirmcreate=no
        set delete=yes
        set quit=yes
        set move=no
        set beep=no
        set wait_key=no
        set message_cachedir=""
        set tmpdir="%s"
        set send_charset="us-ascii:utf-8"
        %s
        """
            .formatted(
                account,
                PostriderServer.PASSWORD,
                url(scheme, ""),
                url(scheme, "INBOX"),
                url(scheme, "INBOX.Sent"),
                server.certificate(),
                directory,
                more));
    return file;
  }

  @Test
  void sentMessageIsFiled() throws Exception {
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.Sent");
      mutt.run(
              List.of(
                  "-n",
                  "-F",
                  settings("imaps", "").toString(),
                  "-s",
                  "Grüße von mutt",
                  "--",
                  "other@example.org"),
              "Text of the message\n".getBytes(UTF_8))
          .succeeded();
      client.ok("SELECT INBOX.Sent");
      assertThat(client.ok("FETCH 1 (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT])"))
          .anySatisfy(
              line -> assertThat(line).contains("\\Seen", "=?utf-8?", "Text of the message\r\n"));
    }
  }

  /** Keys go to a program with a terminal only: {@code script} gives it one. */
  @ParameterizedTest
  @ValueSource(strings = {"imaps", "imap"})
  void messagesAreReadMarkedCopiedAndDeleted(String scheme) throws Exception {
    Program script = Program.find("script", "bsdutils", directory);
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.Kept");
      for (int i = 1; i <= 3; i++) {
        client.append(
            "INBOX", ("Subject: Number " + i + "\r\n\r\nText " + i + "\r\n").getBytes(UTF_8));
      }
      String keys =
          "push '<first-entry><display-message><exit>"
              + "<flag-message><copy-message><kill-line>"
              + url(scheme, "INBOX.Kept")
              + "<enter><last-entry><delete-message><sync-mailbox><quit>'";
      Path rc = settings(scheme, keys);
      script
          .run(
              List.of(
                  "-qec",
                  mutt.executable() + " -n -F " + rc,
                  directory.resolve("screen").toString()))
          .succeeded();
      assertThat(client.ok("SELECT INBOX")).contains("* 2 EXISTS");
      List<String> flags = client.ok("FETCH 1:2 (FLAGS)");
      assertThat(flags.get(0)).contains("\\Flagged", "\\Seen");
      client.ok("SELECT INBOX.Kept");
      assertThat(client.ok("FETCH 1 (BODY.PEEK[TEXT])").getFirst()).contains("Text 2\r\n");
    }
  }
}
