package org.postrider.maildir.tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/** One command line twice, Courier's program and ours, each on a Maildir of its own. */
final class BothTools {

  private final String name;
  private final String program;
  private final Path room;
  private final Path one;
  private final Path other;

  BothTools(String name, String program, Path room) throws IOException {
    this.name = name;
    this.program = program;
    this.room = room;
    this.one = Files.createDirectory(room.resolve("a"));
    this.other = Files.createDirectory(room.resolve("b"));
  }

  Path ours() {
    return one;
  }

  Path theirs() {
    return other;
  }

  List<Path> both() {
    return List.of(one, other);
  }

  /** Words in which @ is the directory; both end alike, and say the same. */
  Ended run(String input, String... words) throws Exception {
    List<String> mine = words(one, words);
    mine.addFirst(name);
    Ended ours = neutral(CourierTools.ours(input, mine.toArray(String[]::new)), one);
    Ended theirs =
        neutral(
            CourierTools.fed(
                room, input, program, "courier-base", words(other, words).toArray(String[]::new)),
            other);
    assertThat(ours).as("%s %s", name, List.of(words)).isEqualTo(theirs);
    return ours;
  }

  private static List<String> words(Path directory, String... words) {
    List<String> all = new ArrayList<>();
    for (String word : words) {
      all.add(word.replace("@", directory.toString()));
    }
    return all;
  }

  private Ended neutral(Ended ended, Path directory) {
    return new Ended(
        ended.exit(),
        neutral(ended.out(), directory),
        neutral(ended.err(), directory).replace(program, name));
  }

  private static String neutral(String said, Path directory) {
    String text = new String(said.getBytes(ISO_8859_1), UTF_8);
    return text.replace(directory.toString(), "@");
  }

  /** Files below, by path, that a test compares; others are left out. */
  static Map<String, String> files(Path top, String... patterns) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String path = top.relativize(file).toString();
        if (Arrays.stream(patterns).anyMatch(path::matches)) {
          files.put(path, Files.readString(file, ISO_8859_1));
        }
      }
    }
    return files;
  }
}
