package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CourierLockTest {

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void makeTmp() throws IOException {
    file = Files.createDirectory(folder.resolve("tmp")).resolve(CourierLock.FILE);
  }

  private CourierLock take() throws MaildirException {
    return CourierLock.take(new Disk(), folder);
  }

  @Test
  void theLockHoldsProcessAndHostAndNothingElseIsLeft() throws Exception {
    try (CourierLock held = take()) {
      assertThat(file).hasContent(UniqueNames.PID + ":" + UniqueNames.HOST);
      assertThat(TestMaildir.names(folder.resolve("tmp"))).containsExactly(CourierLock.FILE);
    }
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  @Timeout(20)
  void aDeadProcessHoldsNoLock() throws Exception {
    Files.writeString(file, "999999999:" + UniqueNames.HOST);
    take().close();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  @Timeout(20)
  void aLockOfAnEarlierLifeWithOurNumberIsStale() throws Exception {
    Files.writeString(file, UniqueNames.PID + ":" + UniqueNames.HOST);
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
    take().close();
  }

  @Test
  @Timeout(20)
  void anotherHostsLockIsStaleAfterTwoMinutes() throws Exception {
    Files.writeString(file, "1:elsewhere");
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 121_000));
    take().close();
  }

  @Test
  void aLiveProcessIsWaitedFor() throws Exception {
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    Files.writeString(file, parent + ":" + UniqueNames.HOST);
    assertWaits();
  }

  @Test
  void anotherHostIsWaitedForALineEndMakesAnother() throws Exception {
    Files.writeString(file, "999999999:" + UniqueNames.HOST + "\n");
    assertWaits();
  }

  private void assertWaits() throws Exception {
    CompletableFuture<Void> taken =
        CompletableFuture.runAsync(
            () -> {
              try {
                take().close();
              } catch (MaildirException e) {
                throw new IllegalStateException(e);
              }
            });
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(30))
        .until(() -> !taken.isDone());
    Files.delete(file);
    taken.get(60, TimeUnit.SECONDS);
  }

  @Test
  void whereNoLockCanBeMadeTheWorkGoesOn() throws Exception {
    Files.delete(folder.resolve("tmp"));
    take().close();
  }

  @Test
  @Timeout(20)
  void aNumberThatAnotherProcessHasByNowHoldsNothing() throws Exception {
    Files.writeString(file, "1:" + UniqueNames.HOST);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    try (CourierLock held = take()) {
      assertThat(file).hasContent(UniqueNames.PID + ":" + UniqueNames.HOST);
    }
  }

  @Test
  @Timeout(20)
  void aThreadsNumberHoldsNothing() throws Exception {
    String threads = "/proc/self/task";
    long thread;
    try (var tasks = Files.list(Path.of(threads))) {
      thread =
          tasks
              .mapToLong(task -> Long.parseLong(task.getFileName().toString()))
              .filter(id -> id != ProcessHandle.current().pid())
              .findFirst()
              .orElseThrow();
    }
    Files.writeString(file, thread + ":" + UniqueNames.HOST);
    try (CourierLock held = take()) {
      assertThat(file).hasContent(UniqueNames.PID + ":" + UniqueNames.HOST);
    }
  }
}
