package org.postrider.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand clients that only wait cost the one that comes nothing. */
@ExtendWith(SharedServer.class)
class ManyConnectionsIT {

  private static final int ACCOUNTS = 20;
  private static final int CLIENTS_OF_ACCOUNT = 50;

  /** Far more than it takes, because other programs run on this machine. */
  private static final Duration SIGN_IN_ALLOWED = Duration.ofSeconds(10);

  private final PostriderServer server;

  ManyConnectionsIT(PostriderServer server) {
    this.server = server;
  }

  @Test
  void thousandWaitingClientsHinderNobody() throws Exception {
    List<String> accounts = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      accounts.add(server.newAccount());
    }
    List<ImapClient> waiting = new ArrayList<>();
    try {
      long began = System.nanoTime();
      waiting.addAll(connectAll(accounts));
      System.out.println("1,000 clients waiting after: " + millisSince(began) + " ms");

      began = System.nanoTime();
      try (ImapClient another = server.signedIn(server.newAccount())) {
        another.ok("SELECT INBOX");
        Duration taken = Duration.ofNanos(System.nanoTime() - began);
        System.out.println("sign-in meanwhile: " + Long.toString(taken.toMillis()) + " ms");
        assertThat(taken).isLessThan(SIGN_IN_ALLOWED);
      }

      began = System.nanoTime();
      try (ImapClient sender = server.signedIn(accounts.getFirst())) {
        String answer = sender.append("INBOX", "Subject: to all\r\n\r\n.\r\n".getBytes(US_ASCII));
        assertThat(answer).contains("OK [APPENDUID");
      }
      for (ImapClient client : waiting.subList(0, CLIENTS_OF_ACCOUNT)) {
        String line = client.line();
        while (!line.endsWith(" EXISTS")) {
          line = client.line();
        }
        assertThat(line).isEqualTo("* 1 EXISTS");
      }
      System.out.println("50 clients of one mailbox told after: " + millisSince(began) + " ms");
    } finally {
      for (ImapClient client : waiting) {
        client.close();
      }
    }
  }

  /** Those of the first account come first in the list. */
  private List<ImapClient> connectAll(List<String> accounts) throws Exception {
    SSLContext tls = server.tls();
    List<Future<ImapClient>> connecting = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      int number = 0;
      for (String account : accounts) {
        // Two addresses: so many from one are refused.
        InetAddress from = InetAddress.getByName(number % 2 == 0 ? "127.0.0.2" : "127.0.0.3");
        for (int i = 0; i < CLIENTS_OF_ACCOUNT; i++) {
          connecting.add(threads.submit(() -> waiting(account, tls, from)));
        }
        number++;
      }
    }
    List<ImapClient> clients = new ArrayList<>();
    for (Future<ImapClient> client : connecting) {
      clients.add(client.get());
    }
    return clients;
  }

  private ImapClient waiting(String account, SSLContext tls, InetAddress from) throws Exception {
    ImapClient client = ImapClient.imaps(server.imaps(), tls, from);
    client.ok("LOGIN " + account + " " + PostriderServer.PASSWORD);
    client.ok("SELECT INBOX");
    client.idle();
    return client;
  }

  private static String millisSince(long nanoTime) {
    return Long.toString((System.nanoTime() - nanoTime) / 1_000_000);
  }
}
