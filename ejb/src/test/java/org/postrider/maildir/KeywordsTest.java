package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.Flags;

class KeywordsTest {

  private static final String BASE =
      "1795347618.M790413P977V000000000000FE00I0000000000244041_0.mail,S=72";

  /** Written by Courier-IMAP 5.0.13. */
  private static final String COURIER = "$Label1\nFoo\n\n" + BASE + ":0 1\n";

  private static final long PERIOD = System.currentTimeMillis() / 1000 / 300;

  @TempDir Path folder;

  private Path directory;

  @BeforeEach
  void makeDirectories() throws IOException {
    Files.createDirectory(folder.resolve("tmp"));
    directory = Files.createDirectory(folder.resolve(Keywords.DIRECTORY));
  }

  private Map<String, Flags> read(String... bases) throws IOException {
    return Keywords.read(new Disk(), folder, Set.of(bases)::contains, true);
  }

  private String list() throws IOException {
    return Files.readString(directory.resolve(":list"));
  }

  private static Flags flags(String... words) {
    return Flags.ofKeywords(List.of(words));
  }

  @Test
  void couriersListIsReadAndLeftAlone() throws Exception {
    Files.writeString(directory.resolve(":list"), COURIER);
    Object before = Files.getAttribute(directory.resolve(":list"), "unix:ino");
    assertThat(read(BASE)).isEqualTo(Map.of(BASE, flags("$Label1", "Foo")));
    assertThat(Files.getAttribute(directory.resolve(":list"), "unix:ino")).isEqualTo(before);
  }

  @Test
  void couriersListIsWrittenOctetForOctet() {
    assertThat(
            new String(
                Keywords.formatList(Map.of(BASE, flags("Foo", "$Label1"))),
                StandardCharsets.US_ASCII))
        .isEqualTo(COURIER);
  }

  @Test
  void whatIsWrittenIsACompleteSet() throws Exception {
    Keywords.write(new Disk(), folder, BASE, List.of("Foo", "Bar"));
    assertThat(Files.readString(directory.resolve(BASE))).isEqualTo("Foo\nBar\n");
    Keywords.write(new Disk(), folder, BASE, List.of());
    assertThat(directory.resolve(BASE)).isEmptyFile();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aMissingDirectoryIsMadeWhereItIsNeeded() throws Exception {
    Files.delete(directory);
    Keywords.write(new Disk(), folder, BASE, List.of("Foo"));
    assertThat(read(BASE)).isEqualTo(Map.of(BASE, flags("Foo")));
  }

  @Test
  void newSetsAreMergedIntoTheList() throws Exception {
    Files.writeString(directory.resolve(":list"), COURIER);
    Files.writeString(directory.resolve("b"), "Foo\nBar\n");
    assertThat(read(BASE, "b"))
        .isEqualTo(Map.of(BASE, flags("$Label1", "Foo"), "b", flags("Bar", "Foo")));
    assertThat(list()).isEqualTo("$Label1\nBar\nFoo\n\n" + BASE + ":0 2\nb:1 2\n");
    assertThat(directory.resolve("b")).doesNotExist();
    assertThat(names()).anyMatch(name -> name.matches("\\.\\d+\\.b"));
    assertThat(read(BASE, "b")).hasSize(2);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void anEmptySetTakesKeywordsAwayAndALastOneTheList() throws Exception {
    Files.writeString(directory.resolve(":list"), COURIER);
    Files.writeString(directory.resolve(BASE), "");
    assertThat(read(BASE)).isEmpty();
    assertThat(directory.resolve(":list")).doesNotExist();
  }

  @Test
  void theNewestOfSeveralSetsCounts() throws Exception {
    Files.writeString(directory.resolve("." + (PERIOD - 5) + ".b"), "Old\n");
    Files.writeString(directory.resolve("." + (PERIOD + 1) + ".b"), "Newer\n");
    Files.writeString(directory.resolve("b"), "Newest\n");
    assertThat(read("b")).isEqualTo(Map.of("b", flags("Newest")));
    assertThat(names()).noneMatch(name -> name.contains("." + (PERIOD - 5) + "."));
  }

  @Test
  void aMergedSetThatNobodyWaitsForGoes() throws Exception {
    Files.writeString(directory.resolve(":list"), "Foo\n\nb:0\n");
    Files.writeString(directory.resolve("." + (PERIOD - 5) + ".b"), "Foo\n");
    assertThat(read("b")).isEqualTo(Map.of("b", flags("Foo")));
    assertThat(names()).containsExactly(":list");
  }

  @Test
  void setsOfMissingMessagesStayForAQuarterOfAnHour() throws Exception {
    Path young = Files.writeString(directory.resolve("young"), "Foo\n");
    Path old = Files.writeString(directory.resolve("old"), "Foo\n");
    Files.setLastModifiedTime(old, FileTime.fromMillis(System.currentTimeMillis() - 16 * 60_000));
    assertThat(read("b")).isEmpty();
    assertThat(young).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void linesAboutMissingMessagesGo() throws Exception {
    Files.writeString(directory.resolve(":list"), "Foo\n\ngone:0\nb:0\n");
    assertThat(read("b")).isEqualTo(Map.of("b", flags("Foo")));
    assertThat(list()).isEqualTo("Foo\n\nb:0\n");
  }

  @Test
  void anEntryThatIsNoFileIsNoReasonToFail() throws Exception {
    Files.createDirectory(directory.resolve(":list"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc/passwd"));
    Files.writeString(directory.resolve(".x"), "Foo\n");
    assertThat(read("b")).isEmpty();
  }

  @Test
  void aNameWithoutRoomForANumberKeepsItsFile() throws Exception {
    String base = "b".repeat(250);
    Files.writeString(directory.resolve(base), "Foo\n");
    for (int i = 0; i < 2; i++) {
      assertThat(read(base)).isEqualTo(Map.of(base, flags("Foo")));
    }
    assertThat(names()).contains(base, ":list");
  }

  @Test
  void ofMoreThanAnybodyCanHaveMadeNothingIsMergedAway() throws Exception {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      words.append('k').append(i).append('\n');
    }
    String list = words + "\nb:0 29999\nc:1\n";
    Files.writeString(directory.resolve(":list"), list);
    Files.writeString(directory.resolve("c"), "Foo\n");
    assertThat(read("b", "c")).isEqualTo(Map.of("b", flags("k0"), "c", flags("Foo")));
    assertThat(list()).isEqualTo(list);
    assertThat(directory.resolve("c")).exists();
    Files.writeString(directory.resolve(":list"), "Foo\n\nb:0\n");
    Files.writeString(directory.resolve("c"), words);
    assertThat(read("b", "c")).isEqualTo(Map.of("b", flags("Foo")));
    assertThat(directory.resolve("c")).hasContent(words.toString());
  }

  @Test
  void whatCantBeMergedIsReadAllTheSame() throws Exception {
    Files.writeString(directory.resolve("b"), "Foo\n");
    Files.createDirectories(directory.resolve("d/x"));
    Files.createDirectories(directory.resolve(":list/x"));
    assertThat(read("b", "d")).isEqualTo(Map.of("b", flags("Foo")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a(", "a)", "{", "%", "*", "\"", "\\Seen", "]", "é", "\t", "a\n"})
  void aWordThatImapCouldNotSayIsNoKeyword(String word) {
    assertThat(Keywords.isKeyword(word)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$Label1", "NonJunk", "a[b", "$Forwarded", "x}y", "~", "a'b"})
  void othersAre(String word) {
    assertThat(Keywords.isKeyword(word)).isTrue();
  }

  @Provide
  Arbitrary<Map<String, Set<String>>> sets() {
    Arbitrary<String> words =
        Arbitraries.of("$Label1", "Foo", "Bar", "x", "$MDNSent", "NonJunk", "a:b", "7");
    Arbitrary<String> bases =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(60);
    return Arbitraries.maps(bases, words.set().ofMinSize(1).ofMaxSize(4)).ofMaxSize(20);
  }

  @Property
  void whatIsWrittenIsRead(@ForAll("sets") Map<String, Set<String>> sets) {
    Map<String, Flags> keywords = new HashMap<>();
    sets.forEach((base, words) -> keywords.put(base, Flags.ofKeywords(words)));
    byte[] list = Keywords.formatList(keywords);
    assertThat(Keywords.parseList(list)).isEqualTo(keywords);
    assertThat(Keywords.formatList(Keywords.parseList(list))).isEqualTo(list);
  }

  @FuzzTest
  void anyOctetsAreAList(FuzzedDataProvider data) {
    Map<String, Flags> read = Keywords.parseList(data.consumeRemainingAsBytes());
    assertThat(Keywords.parseList(Keywords.formatList(read))).isEqualTo(read);
  }
}
