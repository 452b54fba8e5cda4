package org.postrider.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postrider.mail.Forwarding;

class KeptPasswordTest {

  private static final Forwarding ON = new Forwarding(true, "front.example.com");

  private static Optional<String> kept(String mechanism, Forwarding forwarding, String... answers) {
    try (KeptPassword password = new KeptPassword(mechanism, forwarding)) {
      for (String answer : answers) {
        password.note(answer.getBytes(UTF_8));
      }
      return password.password().map(octets -> new String(octets, UTF_8));
    }
  }

  @Test
  void mechanismsWithAPasswordHaveIt() {
    assertThat(kept("PLAIN", ON, "\0anna\0secret")).contains("secret");
    assertThat(kept("PLAIN", ON, "anna\0anna\0se\0cret")).contains("se\0cret");
    assertThat(kept("LOGIN", ON, "anna", "secret")).contains("secret");
  }

  @Test
  void othersHaveNone() {
    assertThat(kept("CRAM-MD5", ON, "anna 0123456789abcdef")).isEmpty();
    assertThat(kept("OAUTHBEARER", ON, "n,a=anna,\1auth=Bearer x\1\1")).isEmpty();
  }

  @Test
  void whereAllMailIsHereNothingIsKept() {
    assertThat(kept("PLAIN", Forwarding.OFF, "\0anna\0secret")).isEmpty();
  }
}
