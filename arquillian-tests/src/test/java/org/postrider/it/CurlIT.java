package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people paste into a shell. */
@ExtendWith(SharedServer.class)
class CurlIT {

  private static final byte[] MESSAGE =
      "From: a@example.org\r\nSubject: curl wrote this\r\n\r\nHello from the shell\r\n"
          .getBytes(UTF_8);

  private final PostriderServer server;
  private Path directory;
  private Program curl;
  private String account;

  CurlIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void findCurl() throws Exception {
    directory = PostriderServer.directory("curl");
    curl = Program.find("curl", "curl", directory);
    account = server.newAccount();
  }

  private Program.Ended imaps(String path, String... more) throws Exception {
    return curl("imaps", server.imaps().getPort(), path, more);
  }

  private Program.Ended curl(String scheme, int port, String path, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "30", "--ssl-reqd"));
    arguments.addAll(List.of("--cacert", server.certificate().toString()));
    arguments.addAll(List.of("--user", account + ":" + PostriderServer.PASSWORD));
    arguments.addAll(List.of(more));
    arguments.add("%s://127.0.0.1:%d/%s".formatted(scheme, port, path));
    return curl.run(arguments);
  }

  private void upload(String mailbox) throws Exception {
    Path file = Files.write(directory.resolve("message.eml"), MESSAGE);
    imaps(mailbox, "--upload-file", file.toString()).succeeded();
  }

  @Test
  void uploadedMessageIsFetchedAsItWas() throws Exception {
    upload("INBOX");
    assertThat(imaps("INBOX;MAILINDEX=1").succeeded()).isEqualTo(new String(MESSAGE, UTF_8));
    assertThat(imaps("INBOX;UID=1;SECTION=TEXT").succeeded()).isEqualTo("Hello from the shell\r\n");
    assertThat(imaps("INBOX;MAILINDEX=1;SECTION=HEADER.FIELDS%20(SUBJECT)").succeeded())
        .isEqualTo("Subject: curl wrote this\r\n\r\n");
  }

  @Test
  void starttlsIsTheSame() throws Exception {
    upload("INBOX");
    String fetched = curl("imap", server.imap().getPort(), "INBOX;MAILINDEX=1").succeeded();
    assertThat(fetched).isEqualTo(new String(MESSAGE, UTF_8));
  }

  @Test
  void mailboxesAreListedMadeAndRemoved() throws Exception {
    imaps("", "--request", "CREATE INBOX.Shell").succeeded();
    assertThat(imaps("").succeeded()).contains("* LIST (", "\".\" \"INBOX.Shell\"");
    upload("INBOX.Shell");
    assertThat(imaps("INBOX.Shell", "--request", "STATUS INBOX.Shell (MESSAGES)").succeeded())
        .contains("MESSAGES 1");
    imaps("", "--request", "DELETE INBOX.Shell").succeeded();
    assertThat(imaps("").succeeded()).doesNotContain("INBOX.Shell");
  }

  @Test
  void searchAndExamineAnswer() throws Exception {
    upload("INBOX");
    upload("INBOX");
    assertThat(imaps("INBOX?SUBJECT%20shell").succeeded().strip()).isEqualTo("* SEARCH");
    assertThat(imaps("INBOX?TEXT%20shell").succeeded().strip()).isEqualTo("* SEARCH 1 2");
    assertThat(imaps("", "--request", "EXAMINE INBOX").succeeded()).contains("* 2 EXISTS");
    assertThat(imaps("INBOX", "--request", "STORE 1 +FLAGS \\Deleted").succeeded())
        .contains("* 1 FETCH (FLAGS (");
    assertThat(imaps("INBOX", "--request", "EXPUNGE").succeeded()).contains("* 1 EXPUNGE");
  }

  @Test
  void wrongPasswordIsLoginDenied() throws Exception {
    Program.Ended ended = imaps("INBOX", "--user", account + ":wrong");
    assertThat(ended.exit()).as(ended.output()).isEqualTo(67);
  }
}
