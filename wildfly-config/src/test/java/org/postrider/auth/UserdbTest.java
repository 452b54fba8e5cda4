package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserdbTest {

  private static final String ANN =
      "ann@example.com\tuid=1000|gid=1001|home=/home/ann|systempw=$1$a$b\n";

  /** Held, so that it is not collected: garbage would fill the output with complaints. */
  private static final Logger COMPLAINTS = Logger.getLogger(UserdbSnapshot.class.getName());

  private static final Logger HINTS = Logger.getLogger(Userdb.class.getName());

  static {
    COMPLAINTS.setLevel(Level.OFF);
    HINTS.setLevel(Level.OFF);
  }

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return write(directory.resolve(name), text.getBytes(UTF_8), "rw-------");
  }

  private static Path write(Path file, byte[] octets, String permissions) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, octets);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static Userdb open(Path root) {
    return new Userdb(root, 1 << 20);
  }

  @Test
  void readsARecordAsCourierDocumentsIt() throws Exception {
    Userdb userdb =
        open(
            write(
                "userdb",
                "# comment\n\n"
                    + "john\thome=/home/john|uid=5001|gid=5002|imappw=i=j|shell|gecos=John Doe,Room"
                    + " 1|quota=1000S,10C|options=disablepop3=1,group=a,group=b|systempw=s\n"));

    UserdbRecord john = userdb.lookup("john").orElseThrow();

    assertThat(john.field("imappw")).contains("i=j");
    assertThat(john.field("shell")).contains("");
    assertThat(john.field("mail")).isEmpty();
    AccountPrincipal account = john.account(directory).orElseThrow();
    assertThat(account.name()).isEqualTo("john");
    assertThat(account.address()).isEqualTo("john");
    assertThat(account.fullName()).isEqualTo("John Doe");
    assertThat(account.home()).isEqualTo(Path.of("/home/john"));
    assertThat(account.maildir()).isEqualTo(Path.of("/home/john/Maildir"));
    assertThat(account.uid()).isEqualTo(5001);
    assertThat(account.gid()).isEqualTo(5002);
    assertThat(account.quota()).isEqualTo("1000S,10C");
    assertThat(account.options().groups()).containsExactly("a", "b");
    assertThat(account.options().isOn("disablepop3")).isTrue();
    assertThat(userdb.size()).isEqualTo(1);
  }

  @Test
  void namesAreComparedOctetByOctet() throws Exception {
    Userdb userdb = open(write("userdb", ANN + "jürgen@example.com\tuid=1\n"));

    assertThat(userdb.lookup("ann@example.com")).isPresent();
    assertThat(userdb.lookup("Ann@example.com")).isEmpty();
    assertThat(userdb.lookup("ann@example.co")).isEmpty();
    assertThat(userdb.lookup("ann@example.com\t")).isEmpty();
    assertThat(userdb.lookup("ann@example.com\tuid=1000|gid=1001|home=/home/ann|systempw=$1$a$b"))
        .isEmpty();
    assertThat(userdb.lookup("")).isEmpty();
    assertThat(userdb.lookup("jürgen@example.com")).isPresent();
    assertThat(userdb.lookup("ju\u0308rgen@example.com")).isEmpty();
  }

  @Test
  void mailIsRelativeToHomeAndHomeToTheDataDirectory() {
    assertThat(maildir("home=/h|mail=/var/mail/x")).isEqualTo(Path.of("/var/mail/x"));
    assertThat(maildir("home=/h|mail=./Mail/x/")).isEqualTo(Path.of("/h/Mail/x"));
    assertThat(maildir("home=/h|mail=")).isEqualTo(Path.of("/h/Maildir"));
    assertThat(maildir("home=mail/ann")).isEqualTo(directory.resolve("mail/ann/Maildir"));
  }

  private Path maildir(String fields) {
    return UserdbRecord.parse("ann", fields + "|uid=1|gid=1")
        .account(directory)
        .orElseThrow()
        .maildir();
  }

  @Test
  void aRecordWithoutUidGidOrHomeIsNoAccount() {
    for (String fields :
        List.of(
            "uid=1|gid=1",
            "uid=1|home=/h",
            "gid=1|home=/h",
            "uid=|gid=1|home=/h",
            "uid=-1|gid=1|home=/h",
            "uid=x|gid=1|home=/h",
            "uid=4294967296|gid=1|home=/h",
            "uid=99999999999|gid=1|home=/h",
            "uid=1|gid=1|home",
            "uid=1|gid=1|home=/a\0b",
            "")) {
      assertThat(UserdbRecord.parse("ann", fields).account(directory)).as(fields).isEmpty();
    }
    assertThat(UserdbRecord.parse("root", "uid=0|gid=4294967295|home=/h").account(directory))
        .isPresent();
  }

  @Test
  void theServicesPasswordComesBeforeTheSystems() {
    UserdbRecord both = UserdbRecord.parse("ann", "systempw=s|imappw=i");
    assertThat(both.password("imap")).contains("i");
    assertThat(both.password("pop3")).contains("s");
    assertThat(UserdbRecord.parse("ann", "imappw=i").password("pop3")).isEmpty();
    assertThat(UserdbRecord.parse("ann", "imappw=|systempw=s").password("imap")).contains("");
    assertThat(UserdbRecord.parse("ann", "imappw|systempw=s").password("imap")).contains("s");
  }

  @Test
  void aBrokenLineIsSkippedAndTheRestStays() throws Exception {
    String tooLong = "long\tuid=" + "1".repeat(Userdb.LINE_MAX_OCTETS) + "\n";
    Userdb userdb =
        open(
            write(
                "userdb",
                "no tab here\n\tno name\n"
                    + tooLong
                    + "nul\0\tuid=1\n"
                    + "nul2\tuid=\0\n5001=\tann\n"
                    + ANN
                    + "ann@example.com\tuid=2\nlast\tuid=9"));

    assertThat(userdb.size()).isEqualTo(2);
    assertThat(userdb.lookup("ann@example.com").orElseThrow().field("uid")).contains("1000");
    assertThat(userdb.lookup("last").orElseThrow().field("uid")).contains("9");
    assertThat(userdb.lookup("long")).isEmpty();
    assertThat(userdb.lookup("5001=")).isEmpty();
  }

  @Test
  void aCarriageReturnBelongsToTheLastValue() throws Exception {
    Userdb userdb = open(write("userdb", "ann\tuid=1|home=/h\r\n"));
    assertThat(userdb.lookup("ann").orElseThrow().field("home")).contains("/h\r");
  }

  @Test
  void aNumberMayHaveWhiteSpaceBehindIt() {
    for (String fields : List.of("home=/h|gid=6|uid=5\r", "uid=5 |gid=6\t|home=/h")) {
      AccountPrincipal account = UserdbRecord.parse("ann", fields).account(directory).orElseThrow();
      assertThat(List.of(account.uid(), account.gid())).as(fields).containsExactly(5L, 6L);
    }
    assertThat(UserdbRecord.parse("ann", "uid= 5|gid=6|home=/h").account(directory)).isEmpty();
    assertThat(UserdbRecord.parse("ann", "uid=5x|gid=6|home=/h").account(directory)).isEmpty();
    assertThat(UserdbRecord.parse("ann", "uid=\r|gid=6|home=/h").account(directory)).isEmpty();
  }

  @Test
  void readsATreeInTheOrderOfNames() throws Exception {
    Path root = directory.resolve("userdb");
    write("userdb/b.org", "bob@b.org\tuid=1\nann@example.com\tuid=2\n");
    write("userdb/a.com/x", ANN);
    write(root.resolve("a.com/y"), "eve\tuid=3\n".getBytes(UTF_8), "rw-r--r--");
    write("userdb/.lock.b.org", "hidden\tuid=1\n");
    write("userdb/b.org~", "backup\tuid=1\n");
    write("userdb/b.org.rpmsave", "old\tuid=1\n");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Userdb userdb = open(root);

    List<String> names = new ArrayList<>();
    userdb.forEach(record -> names.add(record.name()));

    assertThat(names).containsExactly("ann@example.com", "eve", "bob@b.org");
    assertThat(userdb.lookup("ann@example.com").orElseThrow().field("uid")).contains("1000");
  }

  @Test
  void refusesWhatGroupOrWorldMayTouch() throws Exception {
    for (String permissions :
        List.of("rw-r-----", "rw----r--", "rw--w----", "rw---x---", "rw------x")) {
      Path file = write(directory.resolve("userdb"), ANN.getBytes(UTF_8), permissions);
      assertThatThrownBy(() -> open(file).lookup("ann@example.com"))
          .isInstanceOf(TemporaryFailureException.class)
          .hasMessage(TemporaryFailureException.TEXT)
          .extracting(thrown -> ((TemporaryFailureException) thrown).detail())
          .asString()
          .startsWith(file + ": MAY NOT HAVE GROUP OR WORLD PERMISSIONS!!")
          .contains("chmod 600 ");
    }
  }

  @Test
  void becomesUsableWhenThePermissionsAreMended() throws Exception {
    Path file = write(directory.resolve("userdb"), ANN.getBytes(UTF_8), "rw-r--r--");
    Userdb userdb = open(file);
    assertThatThrownBy(() -> userdb.lookup("ann@example.com"))
        .isInstanceOf(TemporaryFailureException.class);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(userdb.lookup("ann@example.com")).isPresent();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
    assertThatThrownBy(() -> userdb.lookup("ann@example.com"))
        .isInstanceOf(TemporaryFailureException.class);
  }

  @Test
  void refusesASymbolicLink() throws Exception {
    Path file = write("real", ANN);
    Path link = Files.createSymbolicLink(directory.resolve("userdb"), file);
    assertThatThrownBy(() -> open(link).lookup("ann@example.com"))
        .isInstanceOf(TemporaryFailureException.class)
        .extracting(thrown -> ((TemporaryFailureException) thrown).detail())
        .asString()
        .contains("is a symbolic link");
  }

  @Test
  void aCircleOfDirectoriesEnds() throws Exception {
    Path root =
        Files.createDirectory(
            directory.resolve("userdb"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createSymbolicLink(root.resolve("again"), root);
    assertThatThrownBy(() -> open(root).size())
        .isInstanceOf(TemporaryFailureException.class)
        .extracting(thrown -> ((TemporaryFailureException) thrown).detail())
        .asString()
        .contains("leads in a circle");
  }

  @Test
  void aMissingUserdbIsEmptyUntilItIsThere() throws Exception {
    Userdb userdb = open(directory.resolve("userdb"));
    assertThat(userdb.lookup("ann@example.com")).isEmpty();
    write("userdb", ANN);
    assertThat(userdb.lookup("ann@example.com")).isPresent();
    Files.delete(directory.resolve("userdb"));
    assertThat(userdb.lookup("ann@example.com")).isEmpty();
  }

  @Test
  void seesAReplacedFileAtOnce() throws Exception {
    Path file = write("userdb", ANN);
    Userdb userdb = open(file);
    assertThat(userdb.lookup("bob")).isEmpty();
    Path next = write("userdb.new", ANN + "bob\tuid=1\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(userdb.lookup("bob")).isPresent();
  }

  @Test
  void seesAChangeWithinTheSameTickOfTheClock() throws Exception {
    Path file = write("userdb", "ann\tuid=1\n");
    FileTime time = Files.getLastModifiedTime(file);
    Userdb userdb = open(file);
    assertThat(userdb.lookup("ann")).isPresent();
    Files.writeString(file, "bob\tuid=1\n");
    Files.setLastModifiedTime(file, time);
    await().untilAsserted(() -> assertThat(userdb.lookup("bob")).isPresent());
  }

  @Test
  void seesANewFileInATree() throws Exception {
    Path root = directory.resolve("userdb");
    for (int i = 0; i < 30; i++) {
      write("userdb/domain" + i, "user@domain" + i + "\tuid=1\n");
    }
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Userdb userdb = open(root);
    assertThat(userdb.size()).isEqualTo(30);
    write("userdb/new", "new\tuid=1\n");
    await().untilAsserted(() -> assertThat(userdb.lookup("new")).isPresent());
  }

  @Test
  void saysWhenItIsTooLargeForTheMemory() throws Exception {
    Path file = write("userdb", ANN.repeat(20));
    assertThatThrownBy(() -> new Userdb(file, 100).size())
        .isInstanceOf(TemporaryFailureException.class)
        .extracting(thrown -> ((TemporaryFailureException) thrown).detail())
        .asString()
        .contains("-Xmx");
  }

  @Test
  void holdsAHundredThousandRecords() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("user")
          .append(i)
          .append("@example.com\tuid=1000|gid=1000|home=/var/mail/user")
          .append(i)
          .append('\n');
    }
    Userdb userdb = new Userdb(write("userdb", text.toString()), 64 << 20);
    assertThat(userdb.size()).isEqualTo(100_000);
    for (int i = 0; i < 100_000; i += 997) {
      Optional<UserdbRecord> found = userdb.lookup("user" + i + "@example.com");
      assertThat(found.orElseThrow().field("home")).contains("/var/mail/user" + i);
    }
    assertThat(userdb.lookup("user100000@example.com")).isEmpty();
  }

  @Test
  void theTypicalHashIsOneOfItsOwn() throws Exception {
    String hash = "$1$saltsalt$9xy1btjgzLYfb7hivXtC//";
    Userdb userdb =
        open(write("userdb", "a\tuid=1\nb\tsystempw=*|hmac-md5pw=00\nc\timappw=" + hash + "\n"));
    assertThat(userdb.typicalHash()).isEqualTo(hash);
    assertThat(open(directory.resolve("none")).typicalHash()).isEqualTo(PasswordHash.NOBODY);
  }

  @Test
  void aRecordIsPrintedWithoutItsSecrets() {
    assertThat(UserdbRecord.parse("ann", "systempw=hash|uid=1").toString())
        .contains("ann", "systempw", "uid")
        .doesNotContain("hash");
  }

  @Property(tries = 200)
  void findsEveryWellFormedRecordAmongGarbage(@ForAll("lines") List<String> lines)
      throws Exception {
    Path file = Files.createTempFile("userdb", null);
    try {
      write(file, String.join("\n", lines).getBytes(UTF_8), "rw-------");
      Userdb userdb = open(file);
      List<String> seen = new ArrayList<>();
      userdb.forEach(record -> seen.add(record.name()));
      List<String> expected =
          lines.stream()
              .filter(
                  line -> !line.startsWith("#") && line.indexOf('\t') > 0 && line.indexOf('\0') < 0)
              .map(line -> line.substring(0, line.indexOf('\t')))
              .filter(name -> !name.matches("[0-9]+="))
              .distinct()
              .toList();
      assertThat(seen).isEqualTo(expected);
      assertThat(userdb.size()).isEqualTo(expected.size());
      for (String name : expected) {
        assertThat(userdb.lookup(name))
            .hasValueSatisfying(record -> assertThat(record.name()).isEqualTo(name));
      }
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.strings().withChars("ab1=|#\t\r\0 é").ofMaxLength(12).list().ofMaxSize(60);
  }

  @FuzzTest
  void anyFileIsReadOrRefused(byte[] octets) throws IOException {
    Path file = Files.createTempFile("userdb", null);
    try {
      Userdb userdb = open(write(file, octets, "rw-------"));
      List<UserdbRecord> records = new ArrayList<>();
      userdb.forEach(records::add);
      assertThat(records).hasSize(userdb.size());
      records.forEach(record -> record.account(Path.of("/")));
    } catch (TemporaryFailureException refused) {
      assertThat(refused.detail()).isNotEmpty();
    } finally {
      Files.delete(file);
    }
  }
}
