package org.postrider.outbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Messages of tests, in files as they lie in a Maildir. */
final class SpooledFile {

  private SpooledFile() {}

  static FileChannel of(Path directory, String text) throws IOException {
    Path file = Files.createTempFile(directory, "message", null);
    Files.writeString(file, text, StandardCharsets.UTF_8);
    return FileChannel.open(file);
  }

  /** What is sent of a message. */
  static String sent(Path directory, String text, String first, Set<String> omitted)
      throws IOException {
    try (FileChannel file = of(directory, text)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new Letter(file, first, omitted).writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    }
  }
}
