package org.postrider.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ScramMessagesTest {

  @FuzzTest
  void anyOctetsAreReadOrNot(byte[] message) {
    ScramMessages.first(message)
        .ifPresent(
            first -> {
              assertThat(first.header() + first.bare())
                  .isEqualTo(new String(message, StandardCharsets.UTF_8));
              assertThat(first.name()).isNotEmpty();
            });
    ScramMessages.last(message).ifPresent(last -> assertThat(last.withoutProof()).startsWith("c="));
  }

  @Property
  void anyTextAfterABeginningIsReadOrNot(@ForAll String text) {
    anyOctetsAreReadOrNot(("n,," + text).getBytes(StandardCharsets.UTF_8));
    anyOctetsAreReadOrNot(("n,,n=" + text).getBytes(StandardCharsets.UTF_8));
    anyOctetsAreReadOrNot(("c=biws,r=" + text).getBytes(StandardCharsets.UTF_8));
  }
}
