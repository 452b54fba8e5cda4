package org.postrider.auth.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.postrider.auth.TemporaryFailureException;

class BlockingCallsTest {

  private final BlockingCalls calls =
      new BlockingCalls("the oracle", 1, Duration.ofMillis(50), Duration.ofMillis(50));
  private final CountDownLatch end = new CountDownLatch(1);

  private String failure() {
    return catchThrowableOfType(TemporaryFailureException.class, () -> calls.call(this::hang))
        .detail();
  }

  private String hang() throws InterruptedException {
    end.await();
    return "late";
  }

  @Test
  void callThatHangsIsGivenUpAndKeepsItsPlaceUntilItReturns() throws Exception {
    assertThat(failure()).startsWith("the oracle did not answer within");
    assertThat(failure()).startsWith("the oracle is busy with 1 calls");
    end.countDown();
    await().untilAsserted(() -> assertThat(calls.<String>call(() -> "now")).isEqualTo("now"));
  }

  @Test
  void callsRunOnPlatformThreads() throws Exception {
    assertThat(calls.<Boolean>call(() -> Thread.currentThread().isVirtual())).isFalse();
  }

  @Test
  void whatTheCallThrowsIsThrown() {
    assertThat(
            catchThrowableOfType(
                    TemporaryFailureException.class,
                    () ->
                        calls.call(
                            () -> {
                              throw new TemporaryFailureException("told");
                            }))
                .detail())
        .isEqualTo("told");
  }
}
