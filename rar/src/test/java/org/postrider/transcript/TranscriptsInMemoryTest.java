package org.postrider.transcript;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every transcript that needs no MIME parser, on the store in memory. */
class TranscriptsInMemoryTest {

  @TestFactory
  Stream<DynamicTest> transcripts() {
    return Transcripts.tests(
        transcript -> transcript.needs().isEmpty(), TranscriptsInMemoryTest::open);
  }

  private static Stage open(Transcript.GivenAccount account) {
    MemoryMail mail = new MemoryMail(Map.of("fred", "swordfish"), account);
    return new ConversationStage(mail, "fred", "swordfish", () -> {});
  }
}
