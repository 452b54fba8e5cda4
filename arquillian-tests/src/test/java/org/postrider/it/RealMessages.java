package org.postrider.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Messages that real people and real programs wrote, by name. A bigger set can be named by the
 * system property {@code postrider.it.corpus}: a zip of files, one message each, lines ending in
 * LF.
 */
final class RealMessages {

  private RealMessages() {}

  static SequencedMap<String, byte[]> all() throws IOException {
    SequencedMap<String, byte[]> messages = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(open())) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        messages.put(entry.getName(), zip.readAllBytes());
      }
    }
    return messages;
  }

  private static InputStream open() throws IOException {
    String bigger = System.getProperty("postrider.it.corpus", "");
    return bigger.isEmpty()
        ? RealMessages.class.getResourceAsStream("/corpus/messages.zip")
        : Files.newInputStream(Path.of(bigger));
  }
}
