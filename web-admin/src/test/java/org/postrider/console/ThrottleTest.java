package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may wrap
  private final Throttle throttle = new Throttle(3, now::get);

  @Test
  void aFewTypingErrorsCostNothing() {
    for (int i = 0; i < 4; i++) {
      assertThat(throttle.begin("a")).isZero();
    }
    assertThat(throttle.begin("a")).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void eachFurtherFailureDoublesThePauseUpToAMinute() {
    long[] seconds = {2, 4, 8, 16, 32, 60, 60};
    for (int i = 0; i < 3; i++) {
      throttle.begin("a");
    }
    for (long pause : seconds) {
      assertThat(throttle.begin("a")).isZero();
      assertThat(throttle.begin("a")).isEqualTo(Duration.ofSeconds(pause));
      now.addAndGet(Duration.ofSeconds(pause).toNanos());
    }
  }

  @Test
  void anAttemptThatComesTooEarlyDoesNotLengthenThePause() {
    for (int i = 0; i < 100; i++) {
      throttle.begin("a");
    }
    assertThat(throttle.begin("a")).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void successForgetsTheFailures() {
    for (int i = 0; i < 4; i++) {
      throttle.begin("a");
    }
    throttle.succeeded("a");
    assertThat(throttle.begin("a")).isZero();
  }

  @Test
  void halfAnHourForgetsTheFailures() {
    for (int i = 0; i < 4; i++) {
      throttle.begin("a");
    }
    now.addAndGet(Duration.ofMinutes(31).toNanos());
    for (int i = 0; i < 4; i++) {
      assertThat(throttle.begin("a")).isZero();
    }
  }

  @Test
  void aNameIsNotShutOutForOthersByOneAddress() {
    SignInGate gate = new SignInGate(new Throttle(10, now::get), new Throttle(3, now::get));
    for (int i = 0; i < 50; i++) {
      gate.begin("192.0.2.1", "admin");
    }
    assertThat(gate.begin("192.0.2.1", "admin")).isPositive();
    assertThat(gate.begin("192.0.2.2", "admin")).isZero();
  }

  @Test
  void manyNamesFromOneAddressAreSlowedAsWell() {
    SignInGate gate = new SignInGate(new Throttle(10, now::get), new Throttle(3, now::get));
    for (int i = 0; i < 11; i++) {
      assertThat(gate.begin("2001:db8::" + i, "name" + i)).isZero();
    }
    assertThat(gate.begin("2001:db8::ffff", "another")).isPositive();
    assertThat(gate.begin("2001:db8:0:1::1", "another")).isZero();
  }
}
