package org.postrider.benchmark;

import java.io.IOException;
import java.time.Duration;

/**
 * A client connects, signs in with LOGIN, signs out and hangs up, again and again, as another
 * account each time.
 *
 * @param hash the kind of password hash
 * @param clients how many do so at a time
 * @param tls over IMAPS, a whole handshake each time; else in clear text
 */
record SignIns(Site.Hash hash, int clients, boolean tls, int modules) implements Scenario {

  @Override
  public String name() {
    return "%s, %s, %s, %s"
        .formatted(
            modules == 1 ? "one module" : modules + " modules",
            hash.label(),
            clients == 1 ? "1 client" : clients + " clients",
            tls ? "TLS" : "clear text");
  }

  @Override
  public String unit() {
    return "sign-ins";
  }

  @Override
  public Sample run(RunningServer server, Duration time) throws IOException, InterruptedException {
    ClientTls context = tls ? server.site().tls() : null;
    return LoadGenerator.run(clients, time, number -> signIn(server, context, number));
  }

  private void signIn(RunningServer server, ClientTls context, int number) throws IOException {
    try (ImapSocket client = ImapSocket.connect(tls ? server.imaps() : server.imap(), context)) {
      client.ok("LOGIN " + server.site().account(hash, number) + " " + Site.PASSWORD);
      client.ok("LOGOUT");
    }
  }
}
