package org.postrider.it;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postrider.transcript.SocketStage;
import org.postrider.transcript.Transcripts;

/** Every transcript there is, in WildFly, on Maildirs, over TLS. */
@ExtendWith(SharedServer.class)
class TranscriptsIT {

  private final PostriderServer server;

  TranscriptsIT(PostriderServer server) {
    this.server = server;
  }

  @TestFactory
  Stream<DynamicTest> transcriptsByImaps() {
    return Transcripts.tests(
        transcript -> !transcript.needs().contains("settings"),
        account ->
            new SocketStage(
                server.imaps(),
                server.tlsSockets(),
                server.newAccount(account.quota(), account.options()),
                PostriderServer.PASSWORD));
  }

  @TestFactory
  Stream<DynamicTest> transcriptsByStartTls() {
    return Transcripts.tests(
        transcript -> !transcript.needs().contains("settings"),
        account ->
            new SocketStage(
                server.imap(),
                new StartTlsSockets(server.tls()),
                server.newAccount(account.quota(), account.options()),
                PostriderServer.PASSWORD));
  }
}
