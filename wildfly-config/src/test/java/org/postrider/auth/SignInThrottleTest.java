package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {

  private static final Duration MOST = Duration.ofSeconds(20);

  private long now = Long.MAX_VALUE - 5; // System.nanoTime may be near its end
  private final SignInThrottle throttle = new SignInThrottle(() -> now, 1000);

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  private long fail(String address, String account) {
    return throttle.begin(address(address)).failed(account).toSeconds();
  }

  private long succeed(String address, String account) {
    return throttle.begin(address(address)).succeeded(account).toSeconds();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void aRightPasswordIsAnsweredAtOnce() {
    assertThat(succeed("192.0.2.1", "ann")).isZero();
  }

  @Test
  void aWrongPasswordIsAnsweredTwoSecondsAfterTheSignInBegan() {
    SignInThrottle.Attempt attempt = throttle.begin(address("192.0.2.1"));
    pass(Duration.ofMillis(300));
    assertThat(attempt.failed("ann")).isEqualTo(Duration.ofMillis(1700));
    SignInThrottle.Attempt slow = throttle.begin(address("192.0.2.1"));
    pass(Duration.ofSeconds(3));
    assertThat(slow.failed("ann")).isZero();
  }

  @Test
  void waitsLongerTheMoreOneAccountIsGuessedAt() {
    long[] delays = new long[8];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = fail("192.0.2.1", "ann");
    }
    assertThat(delays).containsExactly(2, 2, 2, 4, 8, 16, 16, 16);
  }

  @Test
  void theOwnerElsewhereIsNotSlowed() {
    for (int i = 0; i < 100; i++) {
      fail("192.0.2.1", "ann");
    }
    assertThat(succeed("192.0.2.9", "ann")).isZero();
    assertThat(fail("192.0.2.9", "ann")).isEqualTo(2);
  }

  @Test
  void waitsLongerTheMoreAccountsOneAddressTries() {
    for (int i = 0; i < 10; i++) {
      assertThat(fail("192.0.2.1", "user" + i)).isEqualTo(2);
    }
    for (int i = 0; i < 40; i++) {
      fail("192.0.2.1", "other" + i);
    }
    assertThat(fail("192.0.2.1", "ann")).isEqualTo(20);
    assertThat(succeed("192.0.2.1", "ann")).isEqualTo(10);
    assertThat(fail("192.0.2.2", "ann")).isEqualTo(2);
  }

  @Test
  void forgets() {
    for (int i = 0; i < 100; i++) {
      fail("192.0.2.1", "ann");
    }
    pass(Duration.ofMinutes(45));
    assertThat(succeed("192.0.2.1", "bob")).isZero();
    assertThat(fail("192.0.2.1", "ann")).isEqualTo(2);
  }

  @Test
  void aSuccessForgivesTypingErrors() {
    fail("192.0.2.1", "ann");
    fail("192.0.2.1", "ann");
    fail("192.0.2.1", "ann");
    succeed("192.0.2.1", "ann");
    assertThat(fail("192.0.2.1", "ann")).isEqualTo(2);
  }

  @Test
  void manyPeopleMayStandBehindLoopback() {
    for (int i = 0; i < 100; i++) {
      assertThat(fail("127.0.0.1", "user" + i)).isEqualTo(2);
    }
    assertThat(succeed("127.0.0.1", "ann")).isZero();
    assertThat(succeed("::1", "ann")).isZero();
  }

  @Test
  void aSubnetOfIpv6IsOneAddress() {
    for (int i = 0; i < 50; i++) {
      fail("2001:db8::" + i, "user" + i);
    }
    assertThat(succeed("2001:db8::ffff", "ann")).isEqualTo(10);
    assertThat(succeed("2001:db8:0:1::1", "ann")).isZero();
  }

  @Test
  void remembersABoundedNumber() {
    for (int i = 0; i < 50; i++) {
      fail("192.0.2.1", "user" + i);
    }
    for (int i = 0; i < 1000; i++) {
      fail("198.51." + i / 250 + "." + i % 250, "x".repeat(10_000));
    }
    assertThat(succeed("192.0.2.1", "ann")).isZero();
  }

  @Property(tries = 100)
  void noWaitIsNegativeOrWithoutBound(
      @ForAll @IntRange(max = 200) int failures,
      @ForAll @IntRange(max = 100_000) int millis,
      @ForAll String account) {
    for (int i = 0; i < failures; i++) {
      assertThat(throttle.begin(address("192.0.2.1")).failed(account))
          .isBetween(Duration.ofSeconds(2), MOST);
      pass(Duration.ofMillis(millis));
    }
    assertThat(throttle.begin(address("192.0.2.1")).succeeded(account))
        .isBetween(Duration.ZERO, MOST);
  }
}
