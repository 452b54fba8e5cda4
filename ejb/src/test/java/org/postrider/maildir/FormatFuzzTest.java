package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;

/** Octets from a fuzzer as names of files and folders, and as files that have no test of theirs. */
class FormatFuzzTest {

  private static final Path DIRECTORY = Path.of("/nowhere");

  private static String text(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreTheNameOfAMessage(byte[] octets) {
    String text = text(octets);
    MessageFileName name = MessageFileName.parse(text);
    assertThat(name.toString()).isEqualTo(text);
    assertThat(MessageFileName.diskSize(name.base())).isGreaterThanOrEqualTo(-1);
    Flags flags = MessageFileName.flags(name.info());
    String info = MessageFileName.info(flags.plus(SystemFlag.SEEN), name.info());
    assertThat(MessageFileName.flags(info)).isEqualTo(flags.plus(SystemFlag.SEEN));
    assertThat(MessageFileName.info(MessageFileName.flags(info), info)).isEqualTo(info);
    assertThat(MessageFileName.ARRIVAL.compare(text, text)).isZero();
    int before = Integer.signum(MessageFileName.ARRIVAL.compare(text, "17"));
    int after = Integer.signum(MessageFileName.ARRIVAL.compare("17", text));
    assertThat(before + after).isZero();
  }

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreTheNameOfAFile(byte[] octets) {
    String name = text(octets);
    boolean possible =
        !name.isEmpty()
            && name.indexOf('/') < 0
            && name.indexOf('\0') < 0
            && !name.equals(".")
            && !name.equals("..");
    if (possible) {
      assertThat(FileNames.octets(FileNames.in(DIRECTORY, name))).isEqualTo(name);
    }
  }

  @FuzzTest(maxDuration = "1h")
  void aDirectoryIsAMailboxThatHasThisDirectory(byte[] octets) throws MaildirException {
    Maildir maildir = new Maildir(new Folders(QuotaWarning.NONE), DIRECTORY);
    Optional<MailboxName> name =
        text(octets).startsWith(".") ? Maildir.name(text(octets)) : Optional.empty();
    if (name.isPresent()) {
      Path directory = maildir.directory(name.get());
      assertThat(directory.getParent()).isEqualTo(DIRECTORY);
      assertThat(FileNames.octets(directory)).isEqualTo(text(octets));
    }
  }

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreLines(byte[] octets) throws IOException {
    OctetLines lines = new OctetLines(octets, 7);
    StringBuilder whole = new StringBuilder();
    boolean complete = true;
    while (lines.next()) {
      complete &= !lines.isTooLong();
      whole.append(lines.isTooLong() ? "" : lines.text(0)).append(lines.isWhole() ? "\n" : "");
    }
    if (complete) {
      assertThat(whole.toString()).isEqualTo(text(octets));
    }
  }

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreTheKeywordsOfAMessage(byte[] octets) {
    Flags set = Keywords.parseSet(octets);
    assertThat(set.keywords()).allMatch(Keywords::isKeyword);
    byte[] written = (String.join("\n", set.keywords()) + "\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(Keywords.parseSet(written)).isEqualTo(set);
    assertThat(List.copyOf(Keywords.parseSet(written).keywords()))
        .isEqualTo(List.copyOf(set.keywords()));
  }
}
