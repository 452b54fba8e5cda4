package org.postrider.bean;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.transcript.ConversationStage;
import org.postrider.transcript.RandomSessions;
import org.postrider.transcript.Stage;

class RandomSessionsOnMaildirTest {

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whatEverySessionIsToldIsTrue(long seed) throws Exception {
    PlainMail mail = new PlainMail(home);
    try (Stage stage = new ConversationStage(mail, PlainMail.USER, PlainMail.PASSWORD, mail)) {
      RandomSessions.play(stage, seed, 150);
    }
  }
}
