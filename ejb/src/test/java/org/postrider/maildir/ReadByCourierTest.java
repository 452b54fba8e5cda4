package org.postrider.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.SystemFlag;

/**
 * Maildirs made at random, as programs leave them, read by Courier's own {@code imapd} and by us:
 * both see the same messages under the same UIDs, with the same flags and keywords.
 */
class ReadByCourierTest {

  private static final List<String> WORDS =
      List.of("$Label1", "Work", "Later", "NonJunk", "a[b", "x}y", "7");
  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(([^)]*)\\) [^\\n]*\\nSubject: (\\S+)\\n");

  @TempDir(factory = InMemory.class)
  Path directory;

  private Random random;
  private final List<String> bases = new ArrayList<>();
  private final List<String> inCur = new ArrayList<>();
  private final Map<String, String> names = new TreeMap<>();

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean sometimes(int of) {
    return random.nextInt(of) == 0;
  }

  private String base() {
    StringBuilder base = new StringBuilder();
    base.append(
        switch (random.nextInt(6)) {
          case 0 -> Integer.toString(random.nextInt(20));
          case 1 -> "1795347" + (600 + random.nextInt(20));
          case 2 -> any(List.of("-", "+", " ", "")) + random.nextInt(5);
          case 3 -> "000" + random.nextInt(9);
          default -> "";
        });
    // No longer number: beyond 31 bits Courier's order is another.
    base.append(any(List.of("x", ".", ",", "-", " ")));
    String letters = "abzAZ09.,_-=+!~ \u00e9\u00ff%";
    for (int i = random.nextInt(6); i >= 0; i--) {
      base.append(letters.charAt(random.nextInt(letters.length())));
    }
    base.append(any(List.of("", ".mail", ",S=72", ",S=x", ",S=5,W=6", ",")));
    String name = base.toString();
    return name.startsWith(".") ? "d" + name : name;
  }

  private String info() {
    if (sometimes(8)) {
      return any(List.of("", ":1,FS", ":", ":2"));
    }
    StringBuilder info = new StringBuilder(":2,");
    for (char letter : "DFPRSTabz".toCharArray()) {
      info.append(sometimes(3) ? letter : "");
    }
    return info.toString();
  }

  private Path maildir(String name) throws IOException {
    Path root = Files.createDirectory(directory.resolve(name));
    for (String part : List.of("tmp", "new", "cur", Keywords.DIRECTORY)) {
      Files.createDirectory(root.resolve(part));
    }
    return root;
  }

  /** The same octets in both. */
  private void write(List<Path> roots, String part, String name, String text) throws IOException {
    for (Path root : roots) {
      Path above = part.isEmpty() ? root : root.resolve(part);
      Files.write(FileNames.in(above, name), text.getBytes(ISO_8859_1));
    }
  }

  private void make(List<Path> roots) throws IOException {
    TreeSet<String> taken = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      String base = base();
      boolean isNew = sometimes(3);
      String name = base + (isNew && !sometimes(4) ? "" : info());
      String known = MessageFileName.parse(isNew ? MessageFileName.fromNew(name) : name).base();
      if (!known.isEmpty() && taken.add(known)) {
        write(roots, isNew ? "new" : "cur", name, "Subject: s" + i + "\n\ntext\n");
        bases.add(known);
        names.put("s" + i, (isNew ? "new/" : "cur/") + name);
        if (!isNew) {
          inCur.add(known);
        }
      }
    }
  }

  private void makeList(List<Path> roots) throws IOException {
    StringBuilder list = new StringBuilder();
    long uid = 1;
    for (String base : inCur) { // what is in new has no UID, not even one that is listed
      if (sometimes(2)) {
        list.append(uid).append(' ').append(base).append('\n');
      } else if (sometimes(4)) {
        list.append(uid).append(" 1234.gone").append(uid).append(",S=5\n");
      } else if (sometimes(10)) {
        list.append(any(List.of("\n", "x y\n", "nospace\n")));
      }
      uid += 1 + random.nextInt(3);
    }
    list.insert(0, "1 795347514 " + uid + any(List.of("\n", " more\n")));
    if (sometimes(3)) {
      list.append(uid - 1).append(" torn");
    }
    write(roots, "", UidList.FILE, list.toString());
  }

  private String words() {
    StringBuilder words = new StringBuilder();
    for (String word : WORDS) {
      words.append(sometimes(3) ? word + "\n" : "");
    }
    return words.toString();
  }

  private void makeKeywords(List<Path> roots) throws IOException {
    StringBuilder list = new StringBuilder(String.join("\n", WORDS)).append("\n\n");
    for (String base : bases) {
      if (sometimes(3)) {
        list.append(base).append(':').append(random.nextInt(7));
        list.append(sometimes(2) ? " " + random.nextInt(7) : "").append('\n');
      }
    }
    list.append("1234.gone:0 1\n");
    if (!sometimes(4)) {
      write(roots, Keywords.DIRECTORY, ":list", list.toString());
    }
    long period = System.currentTimeMillis() / 1000 / 300;
    for (String base : bases) {
      for (long at = period - 2; at <= period + 2; at++) {
        if (sometimes(20)) {
          String name = at > period + 1 ? base : "." + at + "." + base;
          write(roots, Keywords.DIRECTORY, name, words());
        }
      }
    }
  }

  /** By subject: UID and flags. */
  private Map<String, String> courier(Path root) throws Exception {
    Path input =
        Files.writeString(
            directory.resolve("input"),
            "k SELECT INBOX\n"
                + "k UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])\n"
                + "k LOGOUT\n");
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("/usr/bin/imapd", root.toString())
            .redirectError(directory.resolve("errors").toFile())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile());
    builder.environment().put("IMAP_KEYWORDS", "1");
    Process imapd = builder.start();
    assertThat(imapd.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output, ISO_8859_1).replace("\r", "");
    Map<String, String> messages = new TreeMap<>();
    for (Matcher at = MESSAGE.matcher(said); at.find(); ) {
      TreeSet<String> flags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      flags.addAll(List.of(at.group(2).split(" ")));
      flags.removeAll(List.of("\\Recent", ""));
      messages.put(at.group(3), at.group(1) + " " + flags);
    }
    return messages;
  }

  private static Map<String, String> ours(Path parent) throws Exception {
    TestMaildir account = new TestMaildir(parent);
    Map<String, String> messages = new TreeMap<>();
    Folder inbox = account.inbox();
    List<String> subjects = TestMaildir.subjects(inbox);
    List<StoredMessage> all = inbox.messages(inbox.open(false).uidValidity());
    for (int i = 0; i < all.size(); i++) {
      TreeSet<String> flags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      flags.addAll(all.get(i).flags().keywords());
      for (SystemFlag flag : SystemFlag.values()) {
        if (all.get(i).flags().has(flag)) {
          flags.add(flag.wireName());
        }
      }
      messages.put(subjects.get(i), all.get(i).uid() + " " + flags);
    }
    return messages;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void bothSeeTheSame(long seed) throws Exception {
    random = new Random(seed);
    List<Path> roots = List.of(maildir("Maildir"), maildir("theirs"));
    make(roots);
    if (seed % 3 != 0) {
      makeList(roots);
    }
    if (seed % 2 == 0) {
      makeKeywords(roots);
    }
    Map<String, String> theirs = courier(roots.get(1));
    assertThat(theirs).hasSameSizeAs(bases);
    assertSame(ours(directory), theirs);
    // And each reads what the other has made of it.
    assertSame(courier(roots.get(0)), theirs);
    Files.move(roots.get(0), directory.resolve("ours"));
    Files.move(roots.get(1), directory.resolve("Maildir"));
    assertSame(ours(directory), theirs);
  }

  private void assertSame(Map<String, String> read, Map<String, String> theirs) {
    List<String> differences = new ArrayList<>();
    for (String subject : theirs.keySet()) {
      if (!theirs.get(subject).equals(read.get(subject))) {
        differences.add(
            names.get(subject)
                + " is "
                + read.get(subject)
                + ", by Courier "
                + theirs.get(subject));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(read).hasSameSizeAs(theirs);
  }
}
