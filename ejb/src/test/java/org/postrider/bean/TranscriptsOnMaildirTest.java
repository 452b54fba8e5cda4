package org.postrider.bean;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.connector.Settings;
import org.postrider.transcript.ConversationStage;
import org.postrider.transcript.Stage;
import org.postrider.transcript.Transcript;
import org.postrider.transcript.Transcripts;

/** Every transcript, on a Maildir of its own. */
class TranscriptsOnMaildirTest {

  @TempDir Path directory;

  private final AtomicInteger count = new AtomicInteger();

  @TestFactory
  Stream<DynamicTest> transcripts() {
    return Transcripts.tests(transcript -> true, this::open);
  }

  /** Where a setting is no key of Courier's but a property of ours. */
  private static Optional<String> property(Transcript.GivenAccount account, String name) {
    return account.settings().stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst();
  }

  private Stage open(Transcript.GivenAccount account) throws IOException {
    Path home = Files.createDirectory(directory.resolve("home" + count.incrementAndGet()));
    PlainMail mail = new PlainMail(home, account);
    return new ConversationStage(
        mail,
        PlainMail.USER,
        PlainMail.PASSWORD,
        mail,
        Settings.read(home, name -> property(account, name)).policy().customs());
  }
}
