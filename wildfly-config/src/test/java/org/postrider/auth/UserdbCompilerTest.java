package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserdbCompilerTest {

  private static final UserdbCompiler.Progress QUIET = soFar -> {};

  @TempDir Path directory;

  private Path userdb() {
    return directory.resolve("userdb");
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void writeTree() throws IOException {
    write("userdb/example.com/staff", "ann@example.com\tuid=1|systempw=a\n");
    write("userdb/other", "bob\tuid=2|gid=3\n5001=\tbob\n");
    write("userdb/.lock.other", "hidden\tuid=1\n");
    write("userdb/other~", "backup\tuid=1\n");
    Files.setPosixFilePermissions(userdb(), PosixFilePermissions.fromString("rwx------"));
  }

  private static Map<String, String> records(Path file) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (GdbmReader reader = GdbmReader.open(file)) {
      reader.forEach(
          GdbmReader.ALL,
          (key, value) -> {
            found.put(new String(key, UTF_8), new String(value, UTF_8));
            return true;
          });
    }
    return found;
  }

  private Map<String, String> open() throws IOException {
    return records(directory.resolve("userdb.dat"));
  }

  private Map<String, String> secret() throws IOException {
    return records(directory.resolve("userdbshadow.dat"));
  }

  @Test
  void splitsFieldsAsCourierDoes() throws Exception {
    write(
        "userdb",
        """
        # comment
        #comment\twith TAB

        john\tuid=1|gid=2|home=/h|systempw=x|flagpw|a||b||
        \tempty=1
        no TAB \s
        only\timappw=z|imap-hmac-md5pw=00
        none\t
        first\t|systempw=x|a=pw=1
        5001=\tjohn
        two\ta=1\tb=2pw=3|pw=4
        jürgen\tx\r
        last\tx\
        """);

    UserdbCompiler.Result result = UserdbCompiler.compile(userdb(), QUIET);

    assertThat(open())
        .isEqualTo(
            Map.of(
                "john", "uid=1|gid=2|home=/h|flagpw|a||b|_=",
                "no TAB  ", "1",
                "only", "_=",
                "none", "_=",
                "first", "|a=pw=1|_=",
                "5001=", "john|_=",
                "two", "a=1\tb=2pw=3|_=",
                "jürgen", "x\r|_=",
                "last", "x|_="));
    assertThat(secret())
        .isEqualTo(
            Map.of(
                "john", "systempw=x",
                "no TAB  ", "1",
                "only", "imappw=z|imap-hmac-md5pw=00",
                "first", "systempw=x",
                "two", "pw=4"));
    assertThat(result).isEqualTo(new UserdbCompiler.Result(9, 5));
  }

  @Test
  void aTreeIsOneUserdbAndTheFileIsTold() throws Exception {
    writeTree();
    UserdbCompiler.compile(Path.of(userdb() + "/"), QUIET);
    assertThat(open())
        .isEqualTo(
            Map.of(
                "ann@example.com", "uid=1|_=example.com/staff/",
                "bob", "uid=2|gid=3|_=other/",
                "5001=", "bob|_=other/"));
    assertThat(secret()).isEqualTo(Map.of("ann@example.com", "systempw=a"));
  }

  @Test
  void courierMakesTheSameOfAFile() throws Exception {
    StringBuilder text =
        new StringBuilder(
            "#c\n#c\td\n\njohn\tuid=1|systempw=x|flagpw|a||b||\n\tempty=1\nno TAB  \n|\t|\n"
                + "first\t|systempw=x|a=pw=1\ntwo\ta=1\tb=2pw=3|pw=4|xpw=\njürgen\tx\r\n5001=\tj\n"
                + "long\t"
                + "a".repeat(20_000)
                + "\nspaces \t x = y | z \n");
    for (int i = 0; i < 1000; i++) {
      text.append("ü").append(i).append("\tuid=").append(i).append("|systempw=").append(i);
      text.append('\n');
    }
    write("userdb", text + "last\tx");
    compareWithCourier();
  }

  @Test
  void courierMakesTheSameOfATree() throws Exception {
    writeTree();
    Files.delete(directory.resolve("userdb/other~"));
    compareWithCourier();
  }

  @Property(tries = 12)
  void courierMakesTheSameOfAnything(@ForAll("texts") List<String> lines) throws Exception {
    directory = Files.createTempDirectory("userdb");
    try {
      Map<String, String> once = new LinkedHashMap<>();
      for (String line : lines) {
        once.putIfAbsent(line.split("\t", 2)[0], line);
      }
      write("userdb", String.join("\n", once.values()));
      compareWithCourier();
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().withChars("apw=|#\t\r é").ofMaxLength(30),
            Arbitraries.strings()
                .withChars("apw=|")
                .ofMaxLength(20)
                .map(f -> f.hashCode() + "\t" + f))
        .list()
        .ofMaxSize(300);
  }

  /** Ours first, read by libgdbm; then Courier's own program in their place. */
  private void compareWithCourier() throws Exception {
    UserdbCompiler.compile(userdb(), QUIET);
    Map<String, String> open = open();
    Map<String, String> secret = secret();
    Courier.in(directory).run("makeuserdb");
    assertThat(open()).isEqualTo(open);
    assertThat(secret()).isEqualTo(secret);
  }

  @Test
  void courierSignsInFromWhatIsMade() throws Exception {
    String hash = PasswordHash.create("secret".toCharArray());
    write(
        "userdb",
        "john\tuid=5001|gid=5002|home=/home/john|mail=Mail|quota=1S|gecos=J|imappw="
            + hash
            + "|systempw=*\njürgen\tuid=1|gid=2|home=/h|systempw="
            + hash
            + "\n5001=\tjohn\nno TAB\n");
    UserdbCompiler.compile(userdb(), QUIET);
    Courier courier = Courier.in(directory);

    String told =
        courier.withAuthdaemond("authtest -s imap john secret; authtest -s imap jürgen secret");
    assertThat(told)
        .contains("Authenticated: john  (uid 5001, gid 5002)", "Maildir: Mail", "Quota: 1S")
        .contains("Authenticated: jürgen  (uid 1, gid 2)");
    assertThat(courier.withAuthdaemond("authtest -s pop3 john secret || echo refused"))
        .contains("refused");
    assertThat(courier.withAuthdaemond("authenumerate"))
        .contains("john\t5001\t5002\t/home/john\tMail\n", "jürgen\t1\t2\t/h\t\n")
        .doesNotContain("5001=", "no TAB");
  }

  @Test
  void permissionsTimesAndLeftoversAreAsCouriers() throws Exception {
    write("userdb", "a\tuid=1|systempw=x\n");
    write("userdb.tmp", "left by a crash");
    write("userdbshadow.tmp", "left by a crash");
    FileTime before = FileTime.from(Instant.now());
    UserdbCompiler.compile(userdb(), QUIET);
    Map<String, String> modes = new TreeMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        modes.put(
            file.getFileName().toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    assertThat(modes)
        .isEqualTo(
            Map.of(
                "userdb", "rw-------",
                "userdb.dat", "rw-r--r--",
                "userdb.lock", "rw-r--r--",
                "userdbshadow.dat", "rw-------"));
    FileTime made = Files.getLastModifiedTime(directory.resolve("userdb.dat"));
    assertThat(made)
        .isEqualTo(Files.getLastModifiedTime(directory.resolve("userdbshadow.dat")))
        .isGreaterThanOrEqualTo(before);
  }

  @Test
  void whatMakeuserdbRefusesIsRefusedInItsWords() throws Exception {
    assertRefused(2, userdb() + ": not found.");
    write("userdb", "a\tuid=1\n");
    Files.setPosixFilePermissions(userdb(), PosixFilePermissions.fromString("rw-r-----"));
    assertRefused(255, userdb() + ": MAY NOT HAVE GROUP OR WORLD PERMISSIONS!!");
    Files.move(userdb(), write("real", ""), StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(
        directory.resolve("real"), PosixFilePermissions.fromString("rw-------"));
    Files.createSymbolicLink(userdb(), directory.resolve("real"));
    assertRefused(
        255, "ERROR: Wrong makeuserdb command.\n       (" + userdb() + " is a symbolic link)");
    Files.delete(userdb());
    write("userdb", "a\tuid=1\n");
    Path dat = directory.resolve("userdbshadow.dat");
    Files.createSymbolicLink(dat, directory.resolve("real"));
    assertRefused(255, "ERROR: Wrong makeuserdb command.\n       (" + dat + " is a symbolic link)");
  }

  private void assertRefused(int exitCode, String message) {
    assertThatThrownBy(() -> UserdbCompiler.compile(userdb(), QUIET))
        .isInstanceOf(UserdbCompileException.class)
        .hasMessage(message)
        .extracting(thrown -> ((UserdbCompileException) thrown).exitCode())
        .isEqualTo(exitCode);
  }

  @Test
  void aNameThatComesTwiceLeavesBothOldFiles() throws Exception {
    write("userdb", "a\tuid=1|systempw=x\n");
    UserdbCompiler.compile(userdb(), QUIET);
    write("userdb", "b\tuid=1\ndup\tuid=1|systempw=1\n\ndup\tuid=2\n");
    assertRefused(
        1,
        "Cannot store record for dup - duplicate or out of disk space.\n       ("
            + userdb()
            + " line 2 and "
            + userdb()
            + " line 4)");
    assertThat(open()).isEqualTo(Map.of("a", "uid=1|_="));
    assertThat(secret()).isEqualTo(Map.of("a", "systempw=x"));
    assertThat(directory.resolve("userdb.tmp")).doesNotExist();
    assertThat(directory.resolve("userdbshadow.tmp")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.rpmsave", "b.rpmnew", "b.dpkg-old", "b.dist"})
  void whatAPackageManagerLeftIsForAPerson(String name) throws Exception {
    write("userdb/b", "b\tuid=1\n");
    Files.setPosixFilePermissions(userdb(), PosixFilePermissions.fromString("rwx------"));
    Path left = write("userdb/" + name, "b\tuid=2\n");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().plusSeconds(60)));
    assertThatThrownBy(() -> UserdbCompiler.compile(userdb(), QUIET))
        .isInstanceOf(UserdbCompileException.class)
        .hasMessageStartingWith(left + " was left by a package manager");
  }

  @Test
  void aDistFileThatIsMergedIsPassedOver() throws Exception {
    write("userdb/b", "b\tuid=1\n");
    Files.setPosixFilePermissions(userdb(), PosixFilePermissions.fromString("rwx------"));
    Path dist = write("userdb/b.dist", "b\tuid=2\n");
    Files.setLastModifiedTime(dist, FileTime.from(Instant.now().minusSeconds(60)));
    UserdbCompiler.compile(userdb(), QUIET);
    assertThat(open()).isEqualTo(Map.of("b", "uid=1|_=b/"));
  }

  @Test
  void badLinesAreNamed() throws Exception {
    write("userdb", "a\tuid=1\n" + "b\t" + "x".repeat(UserdbText.LINE_MAX_OCTETS) + "\n");
    assertThatThrownBy(() -> UserdbCompiler.compile(userdb(), QUIET))
        .hasMessageStartingWith(userdb() + " line 2: longer than ");
    write("userdb", "a\tuid=1\n\n#\nb\0\tuid=1\n");
    assertThatThrownBy(() -> UserdbCompiler.compile(userdb(), QUIET))
        .hasMessageStartingWith(userdb() + " line 4: a NUL octet");
    write("userdb", "n".repeat(GdbmReader.KEY_MAX_OCTETS + 1) + "\tuid=1\n");
    assertThatThrownBy(() -> UserdbCompiler.compile(userdb(), QUIET))
        .hasMessageStartingWith(userdb() + " line 1: the name is longer than ");
  }

  @Test
  void waitsForCouriersLockAndSaysSo() throws Exception {
    write("userdb", "a\tuid=1\n");
    Path lock = directory.resolve("userdb.lock");
    List<Object> told = new ArrayList<>();
    Flock held = Flock.exclusive(lock, "rw-r--r--", Duration.ZERO).orElseThrow();
    UserdbCompiler.compile(
        userdb(),
        new UserdbCompiler.Progress() {
          @Override
          public void records(long soFar) {
            told.add(soFar);
          }

          @Override
          public void waiting(Path file) {
            told.add(file);
            held.close();
          }
        });
    assertThat(told).containsExactly(lock, 1L);
  }

  @Test
  void tellsHowFarItIs() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 25_000; i++) {
      text.append('u').append(i).append("\tuid=1\n");
    }
    write("userdb", text.toString());
    List<Long> told = new ArrayList<>();
    UserdbCompiler.compile(userdb(), told::add);
    assertThat(told).containsExactly(10_000L, 20_000L, 25_000L);
  }
}
