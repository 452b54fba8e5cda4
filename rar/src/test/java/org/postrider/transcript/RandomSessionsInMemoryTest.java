package org.postrider.transcript;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomSessionsInMemoryTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatEverySessionIsToldIsTrue(long seed) throws Exception {
    MemoryMail mail = new MemoryMail(Map.of("fred", "swordfish"));
    try (Stage stage = new ConversationStage(mail, "fred", "swordfish", () -> {})) {
      RandomSessions.play(stage, seed, 300);
    }
  }
}
