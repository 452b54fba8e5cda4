package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postrider.maildir.TestMaildir.append;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;

class QuotaWarningTest {

  private static final String TEXT =
      "From: postmaster\nSubject: nearly full\n\nDelete some of it.\n";

  @TempDir Path directory;
  private Path text;
  private TestMaildir account;

  @BeforeEach
  void makeAnAccount() throws IOException {
    text = Files.writeString(directory.resolve("quotawarnmsg"), TEXT);
    account = new TestMaildir(directory);
    account.warn(new QuotaWarning(50, text));
    account.restart();
    account.maildir().limit(new QuotaLimits(0, 4));
  }

  private List<String> warnings() throws IOException {
    return TestMaildir.names(account.root.resolve("new"));
  }

  private Path marker() {
    return account.root.resolve("quotawarn");
  }

  @Test
  void aWarningComesAtTheLevelAndOnceADay() throws Exception {
    append(account.inbox(), "a", Flags.NONE);
    assertThat(warnings()).isEmpty();
    append(account.inbox(), "b", Flags.NONE);
    assertThat(warnings()).hasSize(1);
    String name = warnings().getFirst();
    String warning = Files.readString(account.root.resolve("new").resolve(name));
    assertThat(warning)
        .matches("(?s)Date: \\w{3}, \\d+ \\w{3} \\d{4} [0-9:]{8} [+-]\\d{4}\nMessage-Id: <.*")
        .contains(".overquota@")
        .endsWith(TEXT);
    assertThat(name).endsWith(",S=" + warning.length());
    assertThat(account.maildir().quota().used().messages()).isEqualTo(3);
    append(account.inbox(), "c", Flags.NONE);
    assertThat(warnings()).as("no other").containsExactly(name);
    assertThat(account.inbox().open(true).uids()).hasSize(4);
    assertThat(QuotaCount.of(new Disk(), account.root).amount())
        .isEqualTo(account.maildir().quota().used());
  }

  @Test
  void afterADayItIsSaidAgain() throws Exception {
    account.maildir().limit(new QuotaLimits(0, 6));
    Files.writeString(marker(), "\n");
    append(account.inbox(), "a", Flags.NONE);
    append(account.inbox(), "b", Flags.NONE);
    append(account.inbox(), "c", Flags.NONE);
    assertThat(warnings()).isEmpty();
    Instant yesterday = Instant.now().minus(Duration.ofHours(24).plusMinutes(1));
    Files.setLastModifiedTime(marker(), FileTime.from(yesterday));
    append(account.inbox(), "d", Flags.NONE);
    assertThat(account.inbox().open(true).uids()).hasSize(5);
    assertThat(Files.getLastModifiedTime(marker()).toInstant()).isAfter(yesterday);
  }

  @Test
  void withoutATextNobodyIsSentMailAndTheSessionIsTold() throws Exception {
    Files.delete(text);
    append(account.inbox(), "a", Flags.NONE);
    assertThat(account.maildir().takeQuotaLevelReached()).isFalse();
    append(account.inbox(), "b", Flags.NONE);
    assertThat(warnings()).isEmpty();
    assertThat(marker()).doesNotExist();
    assertThat(account.maildir().takeQuotaLevelReached()).isTrue();
    assertThat(account.maildir().takeQuotaLevelReached()).isFalse();
    append(account.inbox(), "c", Flags.NONE);
    assertThat(account.maildir().takeQuotaLevelReached()).as("only when it is reached").isFalse();
  }

  @Test
  void aTextThatIsTooLargeIsNotSentAndMailIsTakenAllTheSame() throws Exception {
    Files.write(text, new byte[70_000]);
    append(account.inbox(), "a", Flags.NONE);
    append(account.inbox(), "b", Flags.NONE);
    assertThat(account.inbox().open(true).uids()).hasSize(2);
    assertThat(marker()).doesNotExist();
  }
}
