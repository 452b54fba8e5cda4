package org.postrider.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.maildir.Finding.Kind;
import org.postrider.maildir.Finding.Outcome;
import org.postrider.protocol.MailboxName;

class MaildirCheckTest {

  private static final List<String> MESSAGES =
      List.of("1000000001.M1P1.h,S=5:2,S", "1000000002.M1P1.h:2,", "1000000003.M1P1.h:2,FS");

  @TempDir Path room;
  private Path root;

  @BeforeEach
  void maildir() throws IOException {
    root = make(room.resolve("Maildir"));
  }

  /** INBOX with three messages, as Courier leaves it, and a folder. */
  private static Path make(Path root) throws IOException {
    for (Path folder : List.of(root, root.resolve(".Sent"))) {
      for (String part : List.of("tmp", "new", "cur")) {
        Files.createDirectories(folder.resolve(part));
      }
    }
    Files.createFile(root.resolve(".Sent/maildirfolder"));
    for (String name : MESSAGES) {
      Files.writeString(root.resolve("cur").resolve(name), "M" + name.charAt(9) + "\n\nx");
    }
    Files.writeString(
        root.resolve("courierimapuiddb"),
        "1 700 40\n7 1000000001.M1P1.h,S=5\n9 1000000002.M1P1.h\n20 1000000003.M1P1.h\n");
    Files.createDirectory(root.resolve("courierimapkeywords"));
    Files.writeString(root.resolve("courierimapkeywords/:list"), "Work\n\n1000000002.M1P1.h:0\n");
    Files.writeString(root.resolve("courierimapacl"), "owner aceilrstwx\nadministrators al\n");
    Files.writeString(root.resolve("courierimapsubscribed"), "INBOX.Sent\n");
    Files.writeString(root.resolve("maildirsize"), "1000S\n          15            3\n");
    return root;
  }

  private List<Finding> check(boolean repairs) throws IOException {
    List<Finding> findings = new ArrayList<>();
    new MaildirCheck(root, Owner.of(root), repairs, findings::add, folder -> {}).run();
    return findings;
  }

  /** Kinds and outcomes, without notes. */
  private List<String> wrong(boolean repairs) throws IOException {
    return check(repairs).stream()
        .filter(finding -> finding.outcome() != Outcome.NOTE)
        .map(finding -> finding.kind() + " " + finding.outcome())
        .toList();
  }

  /** Everything below, with what it says. */
  private static Map<String, String> tree(Path top) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String text = Files.isRegularFile(path) ? Files.readString(path, ISO_8859_1) : "";
        tree.put(top.relativize(path).toString(), text);
      }
    }
    return tree;
  }

  /** What each message says, by its UID, as the server shows INBOX. */
  private static Map<Long, String> messages(Path root) throws Exception {
    Maildir maildir =
        new Maildir(new Folders(QuotaWarning.NONE), root, ServerUser.current().owner());
    Folder inbox = maildir.folder(MailboxName.INBOX);
    FolderState state = inbox.open(false);
    UidList list = UidList.read(new Disk(), root);
    Map<String, Long> uids = new HashMap<>();
    for (int i = 0; i < list.uids().length; i++) {
      uids.put(list.bases()[i], list.uids()[i]);
    }
    Map<Long, String> messages = new TreeMap<>();
    try (Stream<Path> files = Files.list(root.resolve("cur"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String base = MessageFileName.parse(FileNames.octets(file)).base();
        messages.put(uids.get(base), Files.readString(file));
      }
    }
    assertThat(state.uids()).hasSize(messages.size());
    return messages;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** Found, left as it was without a wish to repair it, then repaired, then well. */
  private void isRepaired(Kind kind) throws IOException {
    Map<String, String> before = tree(root);

    assertThat(wrong(false)).contains(kind + " found");
    assertThat(tree(root)).isEqualTo(before);
    assertThat(wrong(true)).contains(kind + " repaired").allMatch(it -> it.endsWith(" repaired"));
    assertThat(wrong(false)).isEmpty();
  }

  @Test
  void aMaildirAsCourierLeavesItHasNothingWrong() throws Exception {
    assertThat(check(false)).isEmpty();
    Map<String, String> before = tree(root);

    assertThat(check(true)).isEmpty();

    assertThat(tree(root)).isEqualTo(before);
  }

  @Test
  void aMaildirThatTheServerServesHasNothingWrong() throws Exception {
    messages(root);

    assertThat(wrong(false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 700 40\n9 1000000002.M1P1.h\n7 1000000001.M1P1.h,S=5\n20 1000000003.M1P1.h\n",
        "1 700 40\n7 1000000001.M1P1.h,S=5\n7 1000000002.M1P1.h\n20 1000000003.M1P1.h\n",
        "1 700 40\n7 1000000001.M1P1.h,S=5\n8 1000000001.M1P1.h,S=5\n9 1000000002.M1P1.h\n",
        "1 700 3\n7 1000000001.M1P1.h,S=5\n9 1000000002.M1P1.h\n20 1000000003.M1P1.h\n",
        "1 700 40\n\nabc\n7 1000000001.M1P1.h,S=5\nx9 1000000002.M1P1.h\n",
        "1 700 40\n7 1000000001.M1P1.h,S=5\n9 10000000",
        "1 700 40\n0 a\n99999999999 b\n7 1000000001.M1P1.h,S=5\n"
      })
  void aDamagedUidListGivesTheUidsThatTheServerGives(String list) throws Exception {
    Files.writeString(root.resolve("courierimapuiddb"), list);
    Path other = Files.createDirectory(room.resolve("other")).resolve("Maildir");
    copy(root, other);

    isRepaired(Kind.UID_LIST);

    assertThat(Files.readString(root.resolve("courierimapuiddb"))).startsWith("1 700 ");
    assertThat(messages(root)).isEqualTo(messages(other));
    try (Stream<Path> aside = Files.walk(root.resolve(Aside.DIRECTORY))) {
      Path kept = aside.filter(Files::isRegularFile).findFirst().orElseThrow();
      assertThat(Files.readString(kept)).isEqualTo(list);
    }
  }

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> uid =
        Arbitraries.of("1", "2", "3", "7", "40", "0", "-1", "4294967295", "4294967296", "x", "");
    Arbitrary<String> name =
        Arbitraries.of("1000000001.M1P1.h,S=5", "1000000002.M1P1.h", "gone", "", "a b", "\u00E9");
    Arbitrary<String> space = Arbitraries.of(" ", " ", " ", "  ", "", "\t");
    return uid.flatMap(u -> space.flatMap(s -> name.map(n -> u + s + n))).list().ofMaxSize(12);
  }

  @Property(tries = 60)
  void anyLinesOfAUidListGiveTheUidsThatTheServerGives(
      @ForAll("lines") List<String> lines, @ForAll boolean torn) throws Exception {
    room = Files.createTempDirectory("check");
    try {
      root = make(room.resolve("Maildir"));
      String list = "1 700 5\n" + String.join("\n", lines) + (torn || lines.isEmpty() ? "" : "\n");
      Files.writeString(root.resolve("courierimapuiddb"), list, ISO_8859_1);
      Path other = Files.createDirectory(room.resolve("other")).resolve("Maildir");
      copy(root, other);

      assertThat(wrong(true)).allMatch(it -> it.endsWith(" repaired"));

      assertThat(wrong(false)).isEmpty();
      assertThat(messages(root)).isEqualTo(messages(other));
    } finally {
      try (Stream<Path> all = Files.walk(room)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage\n", "2 700 40\n7 1000000001.M1P1.h,S=5\n", "1 5", "1 0 9\n"})
  void aUidListWithoutItsFirstLineIsNewUnderANewUidValidity(String list) throws Exception {
    Files.writeString(root.resolve("courierimapuiddb"), list);

    isRepaired(Kind.UID_LIST);

    UidList now = UidList.read(new Disk(), root);
    assertThat(now.uidValidity()).isGreaterThan(700);
    assertThat(messages(root)).hasSize(3);
  }

  @Test
  void doublesBecomeTwoMessagesAndTheOneInCurKeepsItsUid() throws Exception {
    Files.writeString(root.resolve("cur/1000000002.M1P1.h:2,T"), "another\n");
    Files.writeString(root.resolve("new/1000000003.M1P1.h"), "third\n");
    Files.createLink(
        root.resolve("new/1000000001.M1P1.h,S=5"), root.resolve("cur/1000000001.M1P1.h,S=5:2,S"));

    isRepaired(Kind.DOUBLE);

    Map<Long, String> messages = messages(root);
    assertThat(messages).hasSize(5).containsEntry(7L, "M1\n\nx").containsEntry(20L, "M3\n\nx");
    assertThat(messages.get(9L)).isIn("M2\n\nx", "another\n");
    assertThat(messages.values()).contains("M2\n\nx", "another\n", "third\n");
  }

  @Test
  void whatIsNoMessageIsMovedAsideAndNothingIsFollowed() throws Exception {
    Path outside = Files.createDirectory(room.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "keep");
    Files.createSymbolicLink(root.resolve("cur/1000000009.link:2,"), outside.resolve("secret"));
    Files.createSymbolicLink(root.resolve("new/1000000010.dir"), outside);
    Files.createDirectories(root.resolve("cur/a directory/deep"));
    Files.move(root.resolve(".Sent/cur"), room.resolve("away"));
    Files.createSymbolicLink(root.resolve(".Sent/cur"), outside);

    isRepaired(Kind.STRAY);

    assertThat(outside).isDirectoryContaining("glob:**/secret");
    assertThat(root.resolve(".Sent/cur")).isDirectory().isEmptyDirectory();
    assertThat(Files.isSymbolicLink(root.resolve(".Sent/cur"))).isFalse();
    assertThat(messages(root)).hasSize(3);
    try (Stream<Path> aside = Files.walk(root.resolve(Aside.DIRECTORY))) {
      assertThat(aside.map(it -> it.getFileName().toString()))
          .contains("1000000009.link:2,", "1000000010.dir", "a directory", "deep", "cur");
    }
  }

  @Test
  void aPipeIsNotOpened() throws Exception {
    for (String place : List.of("cur/1000000009.fifo", "courierimapacl", "maildirsize")) {
      Files.deleteIfExists(root.resolve(place));
      int made = new ProcessBuilder("mkfifo", root.resolve(place).toString()).start().waitFor();
      assertThat(made).isZero();
    }

    isRepaired(Kind.STRAY);
  }

  @Test
  void missingPartsAreMade() throws Exception {
    Files.delete(root.resolve("new"));
    Files.delete(root.resolve(".Sent/tmp"));
    Files.delete(root.resolve(".Sent/maildirfolder"));

    isRepaired(Kind.MISSING_DIRECTORY);

    assertThat(root.resolve(".Sent/maildirfolder")).isEmptyFile();
  }

  @Test
  void aMessageBesideCurAndNewIsDelivered() throws Exception {
    Files.writeString(root.resolve("1000000042.M1P1.h,S=6"), "stray\n");
    Files.writeString(root.resolve("notes.txt"), "not mail");

    isRepaired(Kind.STRAY_MESSAGE);

    assertThat(messages(root).values()).contains("stray\n").hasSize(4);
    assertThat(root.resolve("notes.txt")).hasContent("not mail");
  }

  @Test
  void aNameThatNoListCanHoldIsReplaced() throws Exception {
    Files.writeString(root.resolve("cur/1000000050.a\nb:2,F"), "odd\n");
    Files.writeString(root.resolve("cur/:2,S"), "bare\n");

    isRepaired(Kind.BAD_NAME);

    assertThat(messages(root).values()).contains("odd\n", "bare\n").hasSize(5);
  }

  @Test
  void wrongSizesAreToldAndTheirNamesStay() throws Exception {
    Files.writeString(root.resolve("cur/1000000001.M1P1.h,S=5:2,S"), "longer than that\n");

    assertThat(wrong(true)).containsExactly("wrong-size left");

    assertThat(messages(root)).containsKey(7L);
  }

  @Test
  void stateFilesThatSayNothingAreWrittenAnew() throws Exception {
    Files.writeString(
        root.resolve("courierimapkeywords/:list"), "Work\n\n1000000002.M1P1.h:0\nx:7\n:\n");
    Files.writeString(root.resolve("courierimapkeywords/.odd"), "?");
    isRepaired(Kind.KEYWORDS);
    assertThat(root.resolve("courierimapkeywords/:list"))
        .hasContent("Work\n\n1000000002.M1P1.h:0\n");

    Files.createDirectory(root.resolve("courierimaphieracl"));
    Files.writeString(root.resolve("courierimaphieracl/A"), "three words here\nowner al\n");
    Files.writeString(root.resolve("courierimapacl"), "anyone lr\n lr\nowner aceilrstwx\n");
    isRepaired(Kind.ACCESS_LIST);
    assertThat(root.resolve("courierimapacl"))
        .content()
        .startsWith("anyone lr\nowner aceilrstwx\n");

    Files.writeString(root.resolve("maildirsize"), "1000S\n          99            9\n");
    isRepaired(Kind.QUOTA);
    assertThat(Files.readString(root.resolve("maildirsize")))
        .isEqualTo("1000S\n          15            3\n");
  }

  @Test
  void strangeThingsThatDoNoHarmAreNotes() throws Exception {
    Files.writeString(root.resolve("courierimapsubscribed"), "INBOX.Sent\nINBOX.Gone\n#shared.x\n");
    Files.writeString(root.resolve("dovecot.index"), "");
    Files.createDirectory(root.resolve(".cache"));
    Files.createDirectories(root.resolve(".&AOk-t&AOk-/cur"));
    Files.createDirectories(root.resolve(".&AOk-t&AOk-/new"));
    Files.createDirectories(root.resolve(".&AOk-t&AOk-/tmp"));
    Files.createFile(root.resolve(".&AOk-t&AOk-/maildirfolder"));

    assertThat(check(true))
        .allMatch(finding -> finding.outcome() == Outcome.NOTE)
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(Kind.SUBSCRIPTION, Kind.FOREIGN, Kind.FOREIGN, Kind.FOLDER_NAME);
  }

  @Test
  void ofVeryManyOfOneKindSomeAreTold() throws Exception {
    for (int i = 0; i < 250; i++) {
      Files.createDirectory(root.resolve("cur/directory" + i));
    }

    List<Finding> findings = check(true);

    assertThat(findings).hasSize(101);
    assertThat(findings.getLast().detail()).isEqualTo("and 150 more of these");
    assertThat(wrong(false)).isEmpty();
  }

  /** All kinds of damage at once. */
  private void damage() throws IOException {
    Files.writeString(
        root.resolve("courierimapuiddb"),
        "1 700 3\n9 1000000002.M1P1.h\nx\n7 1000000001.M1P1.h,S=5\n20 1000000003.M1P1.h\n");
    Files.writeString(root.resolve("cur/1000000002.M1P1.h:2,T"), "another\n");
    Files.writeString(root.resolve("1000000042.M1P1.h,S=6"), "stray\n");
    Files.createDirectory(root.resolve("cur/directory"));
    Files.delete(root.resolve(".Sent/maildirfolder"));
    Files.delete(root.resolve(".Sent/new"));
    Files.writeString(root.resolve("courierimapacl"), "a b c\nowner aceilrstwx\n");
    Files.writeString(root.resolve("courierimapkeywords/:list"), "Work\n\n1000000002.M1P1.h:9\n");
    Files.writeString(root.resolve("maildirsize"), "1000S\n          99            9\n");
    Files.setLastModifiedTime(root, FileTime.fromMillis(1_000_000_000_000L));
  }

  @ParameterizedTest
  @EnumSource(FailingDisk.Fault.class)
  void aRepairThatIsCutOffAnywhereIsFinishedByTheNextOne(FailingDisk.Fault fault) throws Exception {
    boolean failed = true;
    for (int call = 1; failed; call++) {
      root = make(Files.createDirectory(room.resolve("run" + call)).resolve("Maildir"));
      damage();
      FailingDisk disk = new FailingDisk(fault);
      disk.failAt(call);
      try {
        new MaildirCheck(disk, root, true, finding -> {}, folder -> {}).run();
      } catch (FailingDisk.Killed killed) {
        // as the end of the process
      }
      failed = disk.hasFailed();
      // The lock of a process that is no more; here it is the same one.
      Files.deleteIfExists(root.resolve("tmp/" + CourierLock.FILE));

      assertThat(wrong(true)).as("call %s", call).allMatch(it -> it.endsWith(" repaired"));
      assertThat(wrong(false)).as("call %s", call).isEmpty();
      Map<Long, String> messages = messages(root);
      assertThat(messages).hasSize(5).containsEntry(7L, "M1\n\nx").containsEntry(20L, "M3\n\nx");
      assertThat(messages.values()).contains("M2\n\nx", "another\n", "stray\n");
    }
  }
}
