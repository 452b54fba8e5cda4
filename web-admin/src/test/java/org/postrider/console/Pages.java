package org.postrider.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The sources of the pages, for tests that read them. */
final class Pages {

  static final Path WEBAPP = Path.of("src/main/webapp");

  private Pages() {}

  static List<Path> ending(String end) throws IOException {
    try (Stream<Path> files = Files.walk(WEBAPP)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  static Properties words(String file) throws IOException {
    Properties words = new Properties();
    Path path = Path.of("src/main/resources/org/postrider/console").resolve(file);
    try (Reader in = Files.newBufferedReader(path, UTF_8)) {
      words.load(in);
    }
    return words;
  }
}
