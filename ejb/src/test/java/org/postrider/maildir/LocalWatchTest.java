package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalWatchTest {

  @TempDir Path directory;

  private TestMaildir account;
  private LocalWatch watch;
  private final AtomicInteger told = new AtomicInteger();

  @BeforeEach
  void makeMaildir() throws IOException {
    account = new TestMaildir(directory);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsDeliveredIsToldOfWithinASecond(boolean bySystem) throws Exception {
    watch = new LocalWatch(bySystem);
    try (Watch.Waiting waiting = watch.await(account.root, told::incrementAndGet)) {
      account.deliver("1.a");
      await().atMost(Duration.ofSeconds(1)).until(() -> told.get() > 0);
      int before = told.get();
      account.put("2.b:2,");
      await().atMost(Duration.ofSeconds(1)).until(() -> told.get() > before);
      assertThat(waiting).isNotNull();
    }
  }

  @Test
  void whatWeDoIsToldAtOnce() {
    watch = new LocalWatch();
    Watch.Waiting first = watch.await(account.root, told::incrementAndGet);
    Watch.Waiting second = watch.await(account.root, told::incrementAndGet);
    watch.await(directory.resolve("other"), told::incrementAndGet).close();
    watch.tell(account.root);
    assertThat(told).hasValueGreaterThanOrEqualTo(2);
    first.close();
    second.close();
    int before = told.get();
    watch.tell(account.root);
    assertThat(told).hasValue(before);
    first.close();
  }

  @Test
  void whenAFolderHasSettledItIsLookedAtOnceMore() {
    watch = new LocalWatch();
    try (Watch.Waiting waiting = watch.await(account.root, told::incrementAndGet)) {
      watch.tell(account.root);
      await().atMost(Duration.ofSeconds(4)).until(() -> told.get() == 2);
      assertThat(waiting).isNotNull();
    }
  }

  @Test
  void oneWhoFailsDoesNotKeepTheOthersFromBeingTold() {
    watch = new LocalWatch();
    watch.await(
        account.root,
        () -> {
          throw new IllegalStateException("on purpose");
        });
    watch.await(account.root, told::incrementAndGet);
    watch.tell(account.root);
    assertThat(told).hasValue(1);
  }

  @Test
  void nothingIsLeftWhenItIsClosed() {
    watch = new LocalWatch();
    watch.await(account.root, told::incrementAndGet);
    watch.close();
    assertThat(watch.isEnded()).isTrue();
    watch.tell(account.root);
    assertThat(told).hasValue(0);
    watch.await(account.root, told::incrementAndGet).close();
  }

  @Test
  void aFolderThatGoesIsNoReasonToFail() throws Exception {
    watch = new LocalWatch();
    account.maildir().create(TestMaildir.SENT);
    Path sent = account.folder(TestMaildir.SENT).directory();
    try (Watch.Waiting waiting = watch.await(sent, told::incrementAndGet)) {
      account.maildir().delete(TestMaildir.SENT);
      await().atMost(Duration.ofSeconds(2)).until(() -> told.get() > 0);
      assertThat(waiting).isNotNull();
    }
  }
}
