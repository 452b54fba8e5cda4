package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlockTest {

  private static final Duration NOT_AT_ALL = Duration.ZERO;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("userdb.lock");
  }

  private Flock exclusive() throws IOException {
    return Flock.exclusive(file(), "rw-r--r--", NOT_AT_ALL).orElseThrow();
  }

  @Test
  void theFlockCommandWaitsForOurs() throws Exception {
    try (Flock lock = exclusive()) {
      assertThat(flockCommand()).isEqualTo(1);
    }
    assertThat(flockCommand()).isZero();
  }

  @Test
  void oursWaitsForTheFlockCommand() throws Exception {
    Files.createFile(file());
    Process other =
        new ProcessBuilder("flock", file().toString(), "sh", "-c", "echo held; read end").start();
    try (var told = other.inputReader();
        var tell = other.outputWriter()) {
      assertThat(told.readLine()).isEqualTo("held");
      assertThat(Flock.exclusive(file(), "rw-r--r--", Duration.ofMillis(20))).isEmpty();
      assertThat(Flock.shared(file(), NOT_AT_ALL)).isEmpty();
      tell.write("\n");
      tell.flush();
      try (Flock lock =
          Flock.exclusive(file(), "rw-r--r--", Duration.ofSeconds(10)).orElseThrow()) {
        assertThat(lock).isNotNull();
      }
    } finally {
      other.destroy();
    }
  }

  private int flockCommand() throws IOException, InterruptedException {
    return new ProcessBuilder("flock", "--nonblock", file().toString(), "true").start().waitFor();
  }

  @Test
  void locksOfOneProcessExcludeEachOtherToo() throws Exception {
    try (Flock lock = exclusive()) {
      assertThat(Flock.exclusive(file(), "rw-r--r--", NOT_AT_ALL)).isEmpty();
      lock.close();
      lock.close();
      exclusive().close();
    }
  }

  @Test
  void readersShareALock() throws Exception {
    exclusive().close();
    try (Flock one = Flock.shared(file(), NOT_AT_ALL).orElseThrow();
        Flock two = Flock.shared(file(), NOT_AT_ALL).orElseThrow()) {
      assertThat(Flock.exclusive(file(), "rw-r--r--", NOT_AT_ALL)).isEmpty();
      one.close();
      two.close();
    }
    exclusive().close();
  }

  @Test
  void theFileKeepsWhatItHolds() throws Exception {
    Files.writeString(file(), "kept");
    exclusive().close();
    assertThat(file()).hasContent("kept");
  }

  @Test
  void aNewFileHasThePermissionsAskedFor() throws Exception {
    Flock.exclusive(file(), "rw-------", NOT_AT_ALL).orElseThrow().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aSymbolicLinkOrAMissingFileIsRefused() throws Exception {
    Files.createSymbolicLink(file(), directory.resolve("elsewhere"));
    assertThatThrownBy(this::exclusive)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a symbolic link");
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> Flock.shared(missing, NOT_AT_ALL))
        .isInstanceOf(NoSuchFileException.class);
  }
}
