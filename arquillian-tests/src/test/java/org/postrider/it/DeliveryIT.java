package org.postrider.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Another program delivers as maildrop and Postfix do: a file in tmp, moved into new. */
@ExtendWith(SharedServer.class)
class DeliveryIT {

  private static final Duration ALLOWED = Duration.ofSeconds(5);
  private static final int DELIVERIES = 10;

  private final PostriderServer server;

  DeliveryIT(PostriderServer server) {
    this.server = server;
  }

  @Test
  void waitingClientHearsOfDeliveriesByOtherPrograms() throws Exception {
    String account = server.newAccount();
    Program shell = Program.find("sh", "dash", PostriderServer.directory("delivery"));
    try (ImapClient client = server.signedIn(account)) {
      client.ok("SELECT INBOX");
      String idle = client.idle();
      long longest = 0;
      for (int number = 1; number <= DELIVERIES; number++) {
        long began = deliver(shell, server.maildir(account), number);
        String line = client.line();
        while (!line.endsWith(" EXISTS")) {
          line = client.line();
        }
        longest = Math.max(longest, System.nanoTime() - began);
        assertThat(line).isEqualTo("* " + number + " EXISTS");
      }
      System.out.println("longest wait: " + Long.toString(longest / 1_000_000) + " ms");
      assertThat(Duration.ofNanos(longest)).isLessThan(ALLOWED);
      client.done(idle);
      assertThat(client.ok("FETCH 10 (BODY.PEEK[])").getFirst())
          .contains("Subject: Delivery 10\r\n");
      assertThat(client.ok("UID SEARCH RETURN (COUNT) 1:*").getFirst()).endsWith("COUNT 10");
    }
  }

  @Test
  void deliveriesAreThereWithoutIdleAsWell() throws Exception {
    String account = server.newAccount();
    Program shell = Program.find("sh", "dash", PostriderServer.directory("delivery"));
    try (ImapClient client = server.signedIn(account)) {
      client.ok("SELECT INBOX");
      deliver(shell, server.maildir(account), 1);
      assertThat(client.ok("NOOP")).contains("* 1 EXISTS");
      deliver(shell, server.maildir(account), 2);
      assertThat(client.ok("STATUS INBOX (MESSAGES)").getFirst()).contains("MESSAGES 2");
    }
  }

  /** The moment before the file appears, in {@code nanoTime}. */
  private static long deliver(Program shell, Path maildir, int number) throws Exception {
    String name = "%d.M%dP7.example.org".formatted(1_600_000_000 + number, number);
    String message = "From: a@example.org\\nSubject: Delivery %d\\n\\nText\\n".formatted(number);
    shell
        .run(List.of("-c", "printf '%s' > %s/tmp/%s".formatted(message, maildir, name)))
        .succeeded();
    long began = System.nanoTime();
    shell.run(List.of("-c", "mv %s/tmp/%s %s/new/".formatted(maildir, name, maildir))).succeeded();
    return began;
  }
}
