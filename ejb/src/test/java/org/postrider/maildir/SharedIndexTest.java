package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.maildir.SharedIndexFile.Entry;
import org.postrider.maildir.SharedIndexFile.Spelling;

/** What Courier-IMAP 5.0.13 reads in an index, read here alike. */
class SharedIndexTest {

  private static final Path FILE = Path.of("/etc/courier/shared/index");

  @TempDir Path directory;

  private static SharedIndexFile parse(String text, List<Integer> errors) {
    return SharedIndexFile.parse(
        text.getBytes(StandardCharsets.UTF_8), FILE, Spelling.SPACES, errors::add);
  }

  private static SharedIndexFile parse(String text) {
    return parse(text, new ArrayList<>());
  }

  private static Entry.Account account(String level, long uid, long gid, String maildir) {
    return new Entry.Account(level, new Owner(uid, gid), maildir);
  }

  @Test
  void accountsAndGroupsAreRead() {
    List<Integer> errors = new ArrayList<>();
    SharedIndexFile index =
        parse(
            "# all\n\n"
                + "plain\t1000\t1001\t/home/plain\n"
                + "other\t7\t8\t/home/other\tmail/box\n"
                + "last\t7\t8\t/home/last\t./Maildir\tmore\tfields#and words\n"
                + "abs\t7\t8\t/nowhere\t/srv/abs\n"
                + "Sales\t*\tindexsales\n"
                + "far\t*\t../far/index\tmore\n"
                + "dos\t1\t1\t/home/dos\r\n\r\n"
                + "no line end\t1\t2\t/home/x",
            errors);
    assertThat(index.entries())
        .containsExactly(
            account("plain", 1000, 1001, "/home/plain/Maildir"),
            account("other", 7, 8, "/home/other/mail/box"),
            account("last", 7, 8, "/home/last/Maildir"),
            account("abs", 7, 8, "/srv/abs"),
            new Entry.Group("Sales", "/etc/courier/shared/indexsales"),
            new Entry.Group("far", "/etc/courier/far/index"),
            account("dos", 1, 1, "/home/dos/Maildir"),
            account("no line end", 1, 2, "/home/x/Maildir"));
    assertThat(errors).isEmpty();
  }

  @Test
  void linesThatAreNoneAreCountedAndPassedOver() {
    List<Integer> errors = new ArrayList<>();
    SharedIndexFile index =
        parse(
            " \n"
                + "fr#ed\t1\t1\t/home/fred\n"
                + "u\t0\t1\t/home/u\n"
                + "g\t1\t0\t/home/g\n"
                + "n\t-5\t1\t/home/n\n"
                + "t\t\t1\t1\t/home/t\n"
                + "short\t1\t1\n"
                + "group\t*\n"
                + "\t1\t1\t/home/e\n"
                + "rel\t1\t1\thome/rel\n"
                + "huge\t4294967296\t1\t/home/h\n"
                + "ctl\u0007\t1\t1\t/home/c\n"
                + "group\t*\t\n"
                + "good\t1000x\t1\t/home/good\n",
            errors);
    assertThat(index.entries()).containsExactly(account("good", 1000, 1, "/home/good/Maildir"));
    assertThat(errors).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
  }

  @Test
  void namesAreOneLevelWhateverIsInThem() {
    String line = "a/b.c\\d é\t1\t1\t/home/a\n";
    assertThat(parse(line).get("a b c\\d é")).isPresent();
    SharedIndexFile whole =
        SharedIndexFile.parse(
            line.getBytes(StandardCharsets.UTF_8), FILE, Spelling.WHOLE, error -> {});
    assertThat(whole.get("a\\;b\\:c\\\\d é")).isPresent();
  }

  @Test
  void ofTwoThatAreSpelledAlikeTheFirstCounts() {
    SharedIndexFile index = parse("a.b\t1\t1\t/home/first\na b\t1\t1\t/home/second\n");
    assertThat(index.entries()).containsExactly(account("a b", 1, 1, "/home/first/Maildir"));
  }

  @Property
  void whatIsWrittenIsRead(
      @ForAll @StringLength(min = 1, max = 40) @CharRange(from = ' ', to = '~') String name,
      @ForAll Spelling spelling) {
    String text = name.replace('#', '_') + "\t12\t34\t/home/x\n";
    SharedIndexFile index =
        SharedIndexFile.parse(text.getBytes(StandardCharsets.UTF_8), FILE, spelling, error -> {});
    assertThat(index.entries()).hasSize(1);
    String level = index.entries().iterator().next().level();
    assertThat(level).doesNotContain(".").doesNotContain("/");
    if (spelling == Spelling.WHOLE) {
      assertThat(level.replace("\\\\", "\u0001").replace("\\:", ".").replace("\\;", "/"))
          .isEqualTo(name.replace('#', '_').replace("\\", "\u0001"));
    }
  }

  @FuzzTest
  void anyOctetsAreAnIndex(FuzzedDataProvider data) {
    Spelling spelling = data.pickValue(Spelling.values());
    byte[] octets = data.consumeRemainingAsBytes();
    List<Integer> errors = new ArrayList<>();
    SharedIndexFile index = SharedIndexFile.parse(octets, FILE, spelling, errors::add);
    for (Entry entry : index.entries()) {
      assertThat(entry.level()).isNotEmpty().doesNotContain(".").doesNotContain("/");
      assertThat(index.get(entry.level())).contains(entry);
      if (entry instanceof Entry.Account account) {
        assertThat(account.path()).isAbsolute();
        assertThat(account.owner().uid()).isPositive();
      }
    }
    assertThat(index.size() + errors.size()).isLessThanOrEqualTo(octets.length + 1);
  }

  private SharedIndex index() {
    return new SharedIndex(directory.resolve("index"), Spelling.SPACES);
  }

  private void write(String name, String text) throws IOException {
    Path scratch = Files.writeString(directory.resolve("scratch"), text);
    Files.move(scratch, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aNameLeadsThroughGroups() throws Exception {
    write("index", "Sales\t*\tindexsales\njoe\t1\t1\t/home/joe\n");
    write("indexsales", "ann\t1\t1\t/home/ann\nDeep\t*\tindexdeep\n");
    write("indexdeep", "bob\t1\t1\t/home/bob\n");
    SharedIndex index = index();
    assertThat(index.find(new String[] {"joe"}, "")).get().extracting("levels").isEqualTo(1);
    assertThat(index.find(new String[] {"Sales", "Deep", "bob", "x", "y"}, ""))
        .contains(new SharedIndex.Found(account("bob", 1, 1, "/home/bob/Maildir"), 3));
    assertThat(index.find(new String[] {"Sales"}, "")).isEmpty();
    assertThat(index.find(new String[] {"ann"}, "")).isEmpty();
    assertThat(index.find(new String[] {"ann"}, "sales")).isPresent();
    assertThat(index.find(new String[] {"ann"}, "/../indexsales")).isEmpty();
    assertThat(index.find(new String[0], "")).isEmpty();
  }

  @Test
  void aGroupWithinItselfLeadsNowhereInTheEnd() throws Exception {
    write("index", "Loop\t*\tindex\njoe\t1\t1\t/home/joe\n");
    String[] levels = new String[400];
    java.util.Arrays.fill(levels, "Loop");
    levels[399] = "joe";
    assertThat(index().find(levels, "")).isEmpty();
  }

  @Test
  void aChangedFileIsReadAgain() throws Exception {
    SharedIndex index = index();
    String[] joe = {"joe"};
    assertThat(index.find(joe, "")).isEmpty();
    write("index", "joe\t1\t1\t/home/joe\n");
    assertThat(index.find(joe, "")).isPresent();
    write("index", "jim\t1\t1\t/home/jim\n");
    assertThat(index.find(joe, "")).isEmpty();
    // Written in place, as long as before and with the time of before: seen while it is young.
    FileTime time = Files.getLastModifiedTime(directory.resolve("index"));
    Files.writeString(directory.resolve("index"), "joe\t1\t1\t/home/joe\n");
    Files.setLastModifiedTime(directory.resolve("index"), time);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> index.find(joe, "").isPresent());
    Files.delete(directory.resolve("index"));
    assertThat(index.find(joe, "")).isEmpty();
  }

  @Test
  void whatCannotBeReadIsAsItWas() throws Exception {
    write("index", "joe\t1\t1\t/home/joe\n");
    Files.setLastModifiedTime(
        directory.resolve("index"), FileTime.from(Instant.now().minusSeconds(60)));
    SharedIndex index = index();
    assertThat(index.find(new String[] {"joe"}, "")).isPresent();
    Files.delete(directory.resolve("index"));
    Files.createDirectory(directory.resolve("index"));
    assertThat(index.find(new String[] {"joe"}, "")).isPresent();
  }

  /** A hundred thousand accounts are read in a moment, and not again. */
  @Test
  void aLargeIndexIsReadOnce() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("user").append(i).append("@example.com\t1000\t1000\t/home/user").append(i);
      text.append('\n');
    }
    write("index", text.toString());
    Files.setLastModifiedTime(
        directory.resolve("index"), FileTime.from(Instant.now().minusSeconds(60)));
    SharedIndex index = index();
    long start = System.nanoTime();
    assertThat(index.top("").entries()).hasSize(100_000);
    long read = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertThat(index.find(new String[] {"user77777@example com"}, "").isPresent()).isTrue();
    }
    long found = System.nanoTime();
    System.getLogger(SharedIndexTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "100,000 accounts: read in {0} ms, a name found in {1} us",
            (read - start) / 1_000_000,
            (found - read) / 10_000_000);
    assertThat(Duration.ofNanos(found - read)).isLessThan(Duration.ofSeconds(30));
  }
}
