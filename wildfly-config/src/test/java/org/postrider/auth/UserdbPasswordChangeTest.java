package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserdbPasswordChangeTest {

  /** Of "secret", made by Courier. */
  private static final String MD5 = "$1$LwTxajvv$H0QxZVtOtTgOP8kdzWQpd/";

  private static final String OTHER = CramContext.of(CramHash.SHA1, bytes("other")).format();

  @TempDir Path home;
  private Path userdb;

  @BeforeEach
  void accounts() throws IOException {
    userdb = Files.createDirectory(home.resolve("etc")).resolve("userdb");
    write(
        userdb,
        "# accounts\njohn\tuid=1|gid=2|home=/h|systempw=%s|hmac-md5pw=%s|hmac-sha1pw=%s|imap-hmac-sha256pw=%s|scram-sha-256pw=%s\n"
            .formatted(
                MD5,
                CramContext.of(CramHash.MD5, bytes("secret")).format(),
                OTHER,
                CramContext.of(CramHash.SHA256, bytes("secret")).format(),
                ScramSecret.of(ScramHash.SHA256, "secret".toCharArray()).format()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private boolean change(String service, String name, String from, String to)
      throws TemporaryFailureException {
    return new AuthChain(home).changePassword(service, name, from.toCharArray(), to.toCharArray());
  }

  private UserdbRecord record(Path file, String name) throws Exception {
    UserdbRecord found =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith(name + "\t"))
            .map(line -> UserdbRecord.parse(name, line.substring(name.length() + 1)))
            .findFirst()
            .orElseThrow();
    return found;
  }

  @Test
  void everySecretThatWasMadeOfTheOldPasswordIsMadeOfTheNewOne() throws Exception {
    assertThat(change("imap", "john", "secret", "n\u00E4chstes")).isTrue();

    UserdbRecord john = record(userdb, "john");
    assertThat(john.fields().keySet())
        .containsExactly(
            "uid",
            "gid",
            "home",
            "systempw",
            "hmac-md5pw",
            "hmac-sha1pw",
            "imap-hmac-sha256pw",
            "scram-sha-256pw");
    char[] password = "n\u00E4chstes".toCharArray();
    assertThat(PasswordHash.verify(john.fields().get("systempw"), password)).isTrue();
    assertThat(john.fields().get("systempw")).startsWith("$1$");
    assertThat(john.fields())
        .containsEntry("hmac-md5pw", CramContext.of(CramHash.MD5, bytes("n\u00E4chstes")).format())
        .containsEntry("hmac-sha1pw", OTHER)
        .containsEntry(
            "imap-hmac-sha256pw", CramContext.of(CramHash.SHA256, bytes("n\u00E4chstes")).format());
    ScramSecret scram = ScramSecret.parse(john.fields().get("scram-sha-256pw")).orElseThrow();
    assertThat(
            ScramSecret.of(ScramHash.SHA256, password, scram.salt(), scram.iterations()).format())
        .isEqualTo(scram.format());
    assertThat(Files.readAllLines(userdb)).startsWith("# accounts");
  }

  @Test
  void secretsOfAnotherServiceStay() throws Exception {
    change("pop3", "john", "secret", "new");

    assertThat(record(userdb, "john").fields())
        .containsEntry(
            "imap-hmac-sha256pw", CramContext.of(CramHash.SHA256, bytes("secret")).format());
  }

  @Test
  void aPasswordOfTheServiceIsChangedAloneIfThereIsOne() throws Exception {
    write(userdb, "john\tuid=1|gid=2|home=/h|systempw=%s|imappw=%s\n".formatted(MD5, MD5));

    assertThat(change("imap", "john", "secret", "new")).isTrue();

    assertThat(record(userdb, "john").fields()).containsEntry("systempw", MD5);
    assertThat(new AuthChain(home).signIn("imap", "john", "new".toCharArray()).name())
        .isEqualTo("john");
  }

  @ParameterizedTest
  @CsvSource({"john,wrong,new", "nobody,secret,new", "john,secret,''", "john,'',new"})
  void whoeverDoesNotKnowTheOldPasswordChangesNothing(String name, String from, String to)
      throws Exception {
    String before = Files.readString(userdb);

    assertThat(change("imap", name, from, to)).isFalse();

    assertThat(userdb).hasContent(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSHA", "SHA512_CRYPT", "BCRYPT", "MD5_CRYPT", "SHA256"})
  void aHashStaysOfItsKind(String name) throws Exception {
    PasswordKind kind = PasswordKind.valueOf(name);
    write(userdb, "john\tuid=1|gid=2|home=/h|systempw=%s\n".formatted(kind.hash(bytes("secret"))));

    assertThat(change("imap", "john", "secret", "new")).isTrue();

    String stored = record(userdb, "john").fields().get("systempw");
    assertThat(PasswordKind.after(stored)).isEqualTo(kind);
    assertThat(PasswordHash.verify(stored, "new".toCharArray())).isTrue();
  }

  @Test
  void inADirectoryTheFileOfTheRecordIsChangedAndCompiled() throws Exception {
    String record = "john\tuid=1|gid=2|home=/h|systempw=%s\n".formatted(MD5);
    Files.delete(userdb);
    Files.createDirectories(
        userdb.resolve("a/b"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    write(userdb.resolve("a/b/file"), record);
    write(userdb.resolve("other"), "jane\tuid=1|gid=2|home=/h\n");
    UserdbCompiler.compile(userdb, soFar -> {});

    assertThat(change("imap", "john", "secret", "new")).isTrue();

    assertThat(record(userdb.resolve("a/b/file"), "john").fields().get("systempw"))
        .isNotEqualTo(MD5);
    assertThat(new AuthChain(home).signIn("imap", "john", "new".toCharArray()).name())
        .isEqualTo("john");

    Files.delete(home.resolve("etc/userdb.dat"));
    Files.delete(home.resolve("etc/userdbshadow.dat"));
    assertThat(change("imap", "john", "new", "newer")).isTrue();
    assertThat(home.resolve("etc/userdb.dat")).doesNotExist();
  }

  @Test
  void whatCannotBeCompiledIsSaid() throws Exception {
    UserdbCompiler.compile(userdb, soFar -> {});
    Files.writeString(userdb, Files.readString(userdb) + "ann\tuid=1\nann\tuid=1\n");

    assertThatThrownBy(() -> change("imap", "john", "secret", "new"))
        .isInstanceOfSatisfying(
            TemporaryFailureException.class,
            failed -> assertThat(failed.detail()).contains("could not be compiled", "makeuserdb"));
    assertThat(new AuthChain(home).signIn("imap", "john", "secret".toCharArray()).name())
        .isEqualTo("john");
  }
}
