package org.postrider.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Python's own IMAP client, with everything that it has. */
@ExtendWith(SharedServer.class)
class ImaplibIT {

  private static final String SCRIPT = "imaplib_session.py";

  private final PostriderServer server;

  ImaplibIT(PostriderServer server) {
    this.server = server;
  }

  @Test
  void imaplibGetsWhatItAsksFor() throws Exception {
    Path directory = PostriderServer.directory("imaplib");
    Program python = Program.find("python3", "python3", directory);
    Path script = directory.resolve(SCRIPT);
    try (InputStream in = ImaplibIT.class.getResourceAsStream("/clients/" + SCRIPT)) {
      Files.copy(in, script);
    }
    String said =
        python
            .run(
                List.of(
                    "-B",
                    script.toString(),
                    "127.0.0.1",
                    Integer.toString(server.imaps().getPort()),
                    Integer.toString(server.imap().getPort()),
                    server.newAccount(),
                    PostriderServer.PASSWORD,
                    server.certificate().toString()))
            .succeeded();
    assertThat(said).endsWith("done\n");
  }
}
