package org.postrider.transcript;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** All transcripts there are, and the tests made of them. */
public final class Transcripts {

  private static final String DIRECTORY = "/transcripts";

  private Transcripts() {}

  /** Every file of the class path's {@code transcripts/}, by name. */
  public static List<Transcript> all() {
    URL directory = Transcripts.class.getResource(DIRECTORY);
    if (directory == null) {
      throw new IllegalStateException("there is no " + DIRECTORY + " on the class path");
    }
    try {
      URI uri = directory.toURI();
      if (!uri.getScheme().equals("jar")) {
        return read(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return read(jar.getPath(DIRECTORY));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the transcripts can't be read: " + directory, e);
    }
  }

  private static List<Transcript> read(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".imap"))
          .sorted()
          .map(Transcripts::parse)
          .toList();
    }
  }

  private static Transcript parse(Path file) {
    String name = file.getFileName().toString().replace(".imap", "");
    try {
      return TranscriptParser.parse(name, file.toUri(), Files.readString(file));
    } catch (IOException e) {
      throw new IllegalStateException("a transcript can't be read: " + file, e);
    }
  }

  /** One test a transcript that is wanted, each on a stage of its own. */
  public static Stream<DynamicTest> tests(Predicate<Transcript> wanted, Stage.Opener opener) {
    return all().stream()
        .filter(wanted)
        .map(
            transcript ->
                DynamicTest.dynamicTest(
                    transcript.name(), transcript.source(), () -> play(transcript, opener)));
  }

  /** Plays one transcript; see {@link TranscriptRunner}. */
  public static void play(Transcript transcript, Stage.Opener opener) throws Exception {
    try (Stage stage = opener.open(transcript.account())) {
      TranscriptRunner.play(transcript, stage);
    }
  }
}
