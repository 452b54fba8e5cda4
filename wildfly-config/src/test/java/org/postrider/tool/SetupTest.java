package org.postrider.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.Administrators;
import org.postrider.auth.AuthChain;
import org.postrider.auth.SetupCode;
import org.postrider.connector.Certificates;

class SetupTest {

  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @TempDir Path directory;

  @Test
  void firstRunMakesEverythingForTheOwnerAlone() throws Exception {
    Path home = directory.resolve("not/there/yet");

    Setup.Ready ready = Setup.prepare(home, true, NOW);

    for (String name : List.of("", "etc", "tls", "mail", "log")) {
      assertThat(mode(home.resolve(name))).as(name).isEqualTo("rwx------");
    }
    for (String name :
        List.of(
            "etc/userdb",
            "etc/userdbshadow.dat",
            "etc/demo-password",
            "etc/setup-code",
            "tls/imapd.pem",
            "tls/console.p12")) {
      assertThat(mode(home.resolve(name))).as(name).isEqualTo("rw-------");
    }
    assertThat(ready.setupCode()).isPresent();
    assertThat(SetupCode.in(home).check(ready.setupCode().get().toCharArray()))
        .isEqualTo(SetupCode.Verdict.RIGHT);
  }

  @Test
  void demonstrationAccountSignsInWithThePasswordThatIsTold() throws Exception {
    DemonstrationAccount account =
        Setup.prepare(directory, true, NOW).demonstration().orElseThrow();

    var signedIn =
        new AuthChain(directory)
            .signIn("imap", account.address(), account.password().toCharArray());

    assertThat(signedIn.maildir()).isDirectory().hasFileName("Maildir");
  }

  @Test
  void noDemonstrationAccountIsMadeNorToldWhereTheAccountsAreElsewhere() throws Exception {
    Path home = directory.resolve("home");
    System.setProperty("postrider.etc", directory.resolve("courier").toString());
    try {
      assertThat(Setup.prepare(home, true, NOW).demonstration()).isEmpty();
      assertThat(home.resolve("etc/userdb")).doesNotExist();
    } finally {
      System.clearProperty("postrider.etc");
    }
    assertThat(Setup.prepare(home, true, NOW).demonstration()).isPresent();
  }

  @Test
  void laterRunChangesNothingButTheSetupCode() throws Exception {
    DemonstrationAccount first = Setup.prepare(directory, true, NOW).demonstration().orElseThrow();
    Map<String, String> before = files();

    DemonstrationAccount second =
        Setup.prepare(directory, true, NOW.plusSeconds(3600)).demonstration().orElseThrow();

    assertThat(second).isEqualTo(first);
    Map<String, String> after = files();
    before.remove("etc/setup-code");
    after.remove("etc/setup-code");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void noCodeIsMadeOnceThereIsAnAdministrator() throws Exception {
    Setup.prepare(directory, false, NOW);
    Administrators.in(directory).addFirst("ada", "long enough for this".toCharArray());

    assertThat(Setup.prepare(directory, false, NOW).setupCode()).isEmpty();
  }

  @Test
  void removedDemonstrationAccountDoesNotComeBack() throws Exception {
    Setup.prepare(directory, true, NOW);
    Files.writeString(directory.resolve("etc/userdb"), "");

    assertThat(Setup.prepare(directory, true, NOW).demonstration()).isEmpty();
  }

  @Test
  void operatorsCertificateIsKeptAndCopiedForTheConsole() throws Exception {
    Setup.prepare(directory, false, NOW);
    Path pem = directory.resolve("tls/imapd.pem");
    Path pkcs12 = directory.resolve("tls/console.p12");
    Certificates theirs = Certificates.selfSigned(List.of("mail.example"), NOW);
    theirs.writePem(pem);
    Files.setLastModifiedTime(pkcs12, java.nio.file.attribute.FileTime.from(NOW.minusSeconds(60)));

    Setup.prepare(directory, false, NOW);

    assertThat(Certificates.read(pem)).isEqualTo(theirs);
    var store = java.security.KeyStore.getInstance(pkcs12.toFile(), "postrider".toCharArray());
    assertThat(store.getCertificate("postrider")).isEqualTo(theirs.chain().getFirst());
  }

  @Test
  void ownCertificateIsRenewedBeforeItsEnd() throws Exception {
    Setup.prepare(directory, false, NOW);
    Path pem = directory.resolve("tls/imapd.pem");
    Instant end = Certificates.read(pem).validUntil();

    Setup.prepare(directory, false, end.minus(Duration.ofDays(31)));
    assertThat(Certificates.read(pem).validUntil()).isEqualTo(end);

    Setup.prepare(directory, false, end.minus(Duration.ofDays(29)));
    assertThat(Certificates.read(pem).validUntil()).isAfter(end);
  }

  @Test
  void saysWhatIsInTheWay() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> Setup.prepare(file, false, NOW))
        .isInstanceOf(CannotGoOnException.class)
        .hasMessageContaining("is not a directory");
  }

  @Test
  void mailIsLaidOutAsCourierWouldHave() throws Exception {
    Setup.prepare(directory, true, NOW);
    Path maildir = directory.resolve("mail/demo@localhost/Maildir");

    for (String folder : List.of("", ".Sent", ".Drafts", ".Trash", ".Archive", ".Archive.2002")) {
      for (String name : List.of("tmp", "new", "cur", "courierimapkeywords")) {
        assertThat(mode(maildir.resolve(folder).resolve(name))).isEqualTo("rwx------");
      }
      assertThat(Files.exists(maildir.resolve(folder).resolve("maildirfolder")))
          .isEqualTo(!folder.isEmpty());
      assertUidsMatchFiles(maildir.resolve(folder));
    }
    assertThat(Files.readAllLines(maildir.resolve("courierimapsubscribed")))
        .contains("INBOX", "INBOX.Sent", "INBOX.Archive.2002");
    try (Stream<Path> recent = Files.list(maildir.resolve("new"))) {
      assertThat(recent).hasSize(2).allMatch(it -> !it.getFileName().toString().contains(":"));
    }
  }

  private static void assertUidsMatchFiles(Path folder) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("courierimapuiddb"));
    List<String> names =
        lines.stream().skip(1).map(line -> line.substring(line.indexOf(' ') + 1)).toList();
    assertThat(lines.getFirst())
        .isEqualTo("1 %d %d".formatted(NOW.getEpochSecond() - 1_000_000_000L, names.size() + 1));
    assertThat(names).isSorted();
    try (Stream<Path> messages = Files.list(folder.resolve("cur"))) {
      List<Path> all = messages.toList();
      assertThat(all)
          .extracting(it -> it.getFileName().toString().replaceFirst(":2,D?F?R?S?T?$", ""))
          .containsExactlyInAnyOrderElementsOf(names);
      for (Path message : all) {
        assertThat(message.getFileName().toString())
            .matches(
                "\\d+\\.M\\d+P\\d+V[0-9A-F]{16}I[0-9A-F]{16}_\\d+\\.[^,:]+,S=%d:2,.*"
                    .formatted(Files.size(message)));
        assertThat(Files.readString(message, java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain("\r", "@DATE@")
            .endsWith("\n");
      }
    }
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        files.put(
            directory.relativize(file).toString(),
            Files.getLastModifiedTime(file)
                + " "
                + java.util.Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
