package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.session.Policy;

class AccessFileTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @TempDir Path directory;

  private AccessFile open(Path source) throws IOException {
    return new AccessFile(source, variables -> Policy.DEFAULT);
  }

  private static boolean allows(AccessFile file) {
    return file.rules().of(HERE).allowed();
  }

  @Test
  void withoutAFileEverybodyMayConnect() throws Exception {
    assertThat(allows(open(directory.resolve("imapaccess")))).isTrue();
  }

  @Test
  void aChangeCountsWithinSeconds() throws Exception {
    Path source = directory.resolve("imapaccess");
    AccessFile file = open(source);
    Files.writeString(source, "127\tdeny\n");
    await().atMost(Duration.ofSeconds(20)).until(() -> !allows(file));
    Files.writeString(source, "127\tdenied\n");
    Files.writeString(directory.resolve("other"), "");
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(20))
        .until(() -> !allows(file)); // what can't be understood changes nothing
    Files.delete(source);
    await().atMost(Duration.ofSeconds(20)).until(() -> allows(file));
  }

  @Test
  void ofADirectoryAllFilesCountThatPeopleWrote() throws Exception {
    Files.writeString(directory.resolve("10-office"), "10\tdeny\n");
    Files.writeString(directory.resolve("20-here"), "127\tdeny\n");
    Files.writeString(directory.resolve("20-here~"), "nonsense");
    Files.writeString(directory.resolve("20-here.dpkg-old"), "nonsense");
    AccessFile file = open(directory);
    assertThat(allows(file)).isFalse();
    assertThat(file.rules().of(InetAddress.ofLiteral("10.0.0.1")).allowed()).isFalse();
  }

  @Test
  void aFileThatCannotBeUnderstoodIsNamedAtTheStart() throws Exception {
    Path source = Files.writeString(directory.resolve("imapaccess"), "127\tdenied\n");
    assertThatThrownBy(() -> open(source))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(source + ", line 1: ");
  }
}
