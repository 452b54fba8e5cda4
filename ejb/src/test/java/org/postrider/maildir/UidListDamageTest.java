package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postrider.protocol.Flags;

/**
 * What becomes of a folder whose UID list is damaged: no message is lost, and no UID means another
 * message.
 */
class UidListDamageTest {

  @TempDir Path directory;

  private TestMaildir account;
  private Path file;
  private FolderState before;

  enum Damage {
    EMPTY,
    GARBAGE,
    CUT,
    CUT_IN_FIRST_LINE,
    OTHER_VERSION,
    LARGEST_UID,
    DOUBLED,
    LOW_NEXT,
    DIRECTORY,
    FULL_DIRECTORY,
    LINK,
    GONE
  }

  @BeforeEach
  void makeMaildir() throws Exception {
    account = new TestMaildir(directory);
    for (int i = 1; i <= 5; i++) {
      TestMaildir.append(account.inbox(), "m" + i, Flags.NONE);
    }
    before = account.inbox().open(false);
    file = account.root.resolve(UidList.FILE);
  }

  private void damage(Damage damage) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.delete(file);
    switch (damage) {
      case EMPTY -> Files.createFile(file);
      case GARBAGE -> Files.write(file, new byte[] {0, 1, 2, (byte) 0xFF, '\n', 'x', '\n'});
      case CUT -> Files.writeString(file, text.substring(0, text.length() - 30));
      case CUT_IN_FIRST_LINE -> Files.writeString(file, text.substring(0, 8));
      case OTHER_VERSION -> Files.writeString(file, "2" + text.substring(1));
      case LARGEST_UID ->
          Files.writeString(
              file,
              text.replaceFirst(" 6\n", " 4294967295\n").replaceFirst("\n5 ", "\n4294967295 "));
      case DOUBLED -> Files.writeString(file, text + text.substring(text.indexOf('\n') + 1));
      case LOW_NEXT -> Files.writeString(file, text.replaceFirst(" 6\n", " 2\n"));
      case DIRECTORY -> Files.createDirectory(file);
      case FULL_DIRECTORY -> Files.createFile(Files.createDirectory(file).resolve("x"));
      case LINK -> Files.createSymbolicLink(file, Path.of("/etc/passwd"));
      case GONE -> {}
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterARestart(Damage damage) throws Exception {
    damage(damage);
    account.restart();
    assertSound();
  }

  @ParameterizedTest
  @EnumSource
  void whileTheFolderIsKnown(Damage damage) throws Exception {
    damage(damage);
    assertSound();
  }

  private void assertSound() throws Exception {
    long[] appended = TestMaildir.append(account.inbox(), "m6", Flags.NONE).uids();
    Folder inbox = account.inbox();
    FolderState after = inbox.open(false);
    assertThat(TestMaildir.subjects(inbox))
        .containsExactlyInAnyOrder("m1", "m2", "m3", "m4", "m5", "m6");
    assertThat(after.uids()).contains(appended);
    assertThat(after.uidNext()).isGreaterThan(after.uids()[after.uids().length - 1]);
    if (after.uidValidity() == before.uidValidity()) {
      for (StoredMessage message : inbox.messages(after.uidValidity())) {
        int n = Arrays.binarySearch(before.uids(), message.uid());
        try (OpenMessage open = inbox.open(after.uidValidity(), message).orElseThrow()) {
          assertThat(n < 0 || open.size() == TestMaildir.text("m1").length()).isTrue();
        }
      }
    } else {
      assertThat(after.uidValidity()).isGreaterThan(before.uidValidity());
    }
    account.restart();
    FolderState again = account.inbox().open(false);
    assertThat(again.uidValidity()).as("it stays so").isEqualTo(after.uidValidity());
    assertThat(again.uids()).isEqualTo(after.uids());
    assertThat(Files.readString(Path.of("/etc/passwd"))).isNotEmpty();
  }

  @Test
  void aFolderWithoutUidsLeftIsNumberedAnew() throws Exception {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replaceFirst(" 6\n", " 4294967295\n"));
    account.restart();
    account.deliver("1.last");
    FolderState last = account.inbox().open(false);
    assertThat(last.uids()).contains(4294967295L);
    TestMaildir.append(account.inbox(), "m6", Flags.NONE);
    FolderState anew = account.inbox().open(false);
    assertThat(anew.uidValidity()).isGreaterThan(last.uidValidity());
    assertThat(anew.uids()).containsExactly(1, 2, 3, 4, 5, 6, 7);
  }
}
