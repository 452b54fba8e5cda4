package org.postrider.auth.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.SiteDirectory;

class SystemFilesTest {

  private static final String SECRET = "$1$saltsalt$9xy1btjgzLYfb7hivXtC//";

  /** Made by libxcrypt 4.4.33, password "secret". */
  private static final String YESCRYPT =
      "$y$j9T$abcdefghABCDEFGH$ElNVLi6DUnbClY3nU7ui/UB9vhCqk6V6RLXanVtHYA3";

  @TempDir Path home;

  private SiteDirectory site;
  private Path passwd;
  private Path shadow;

  @BeforeEach
  void writeFiles() throws Exception {
    site = new SiteDirectory(home);
    passwd =
        site.write(
            "passwd",
            "# comment\n\n+nis::::::\nann:"
                + SECRET
                + ":1000:1001:Ann Example,room 5:/home/ann:/bin/sh\n"
                + "bob:x:1002:1002::/home/bob:/bin/sh\n"
                + "eve:"
                + SECRET
                + ":notanumber:1::/home/eve:/bin/sh\n"
                + "low:"
                + SECRET
                + ":1:1::relative:/bin/sh\n"
                + "ann:x:0:0::/root:/bin/sh");
    shadow = site.write("shadow", "bob:" + YESCRYPT + ":19000:0:99999:7:::\n");
  }

  private void pwd() throws Exception {
    site.module(PwdLoginModule.class, "passwd=\"" + passwd + "\"");
  }

  private void shadow(String text) throws Exception {
    Files.writeString(shadow, text);
    site.module(ShadowLoginModule.class, "passwd=\"" + passwd + "\" shadow=\"" + shadow + "\"");
  }

  @Test
  void pwdSignsInWhoseHashIsInPasswd() throws Exception {
    pwd();
    AccountPrincipal ann = site.signIn("ann", "secret");
    assertThat(ann.uid()).isEqualTo(1000);
    assertThat(ann.gid()).isEqualTo(1001);
    assertThat(ann.fullName()).isEqualTo("Ann Example");
    assertThat(ann.home()).isEqualTo(Path.of("/home/ann"));
    assertThat(ann.maildir()).isEqualTo(Path.of("/home/ann/Maildir"));
    assertThat(site.rejects("ann", "wrong")).isTrue();
    assertThat(site.rejects("bob", "x")).isTrue();
    assertThat(site.rejects("eve", "secret")).isTrue();
    assertThat(site.rejects("low", "secret")).isTrue();
    assertThat(site.rejects("an", "secret")).isTrue();
    assertThat(site.cram("ann", "secret")).isEmpty();
  }

  @Test
  void pwdFindsByNameAndLists() throws Exception {
    pwd();
    assertThat(site.lookup("bob")).isPresent();
    assertThat(site.lookup("+nis")).isEmpty();
    assertThat(site.accounts())
        .containsExactly(
            "ann 1000 1001 /home/ann /home/ann/Maildir",
            "bob 1002 1002 /home/bob /home/bob/Maildir");
  }

  @Test
  void changedFileIsReadAgain() throws Exception {
    pwd();
    assertThat(site.rejects("new", "secret")).isTrue();
    Files.writeString(passwd, "new:" + SECRET + ":5:5::/home/new:\n");
    assertThat(site.signIn("new", "secret").uid()).isEqualTo(5);
    assertThat(site.rejects("ann", "secret")).isTrue();
  }

  @Test
  void fileTooLargeForMemoryIsReadThrough() throws Exception {
    Path large = home.resolve("large");
    try (Writer out = Files.newBufferedWriter(large)) {
      for (int i = 0; i < 120_000; i++) {
        out.write("user" + i + ":" + SECRET + ":" + i + ":1::/home/user" + i + ":/bin/sh\n");
      }
    }
    assertThat(Files.size(large)).isGreaterThan(PasswdFile.MEMORY_MAX_OCTETS);
    PasswdFile file = PasswdFile.at(large);
    assertThat(file.find("user119999").flatMap(SystemUser::parse))
        .hasValueSatisfying(user -> assertThat(user.uid()).isEqualTo(119_999));
    assertThat(file.find("user120000")).isEmpty();
    int[] count = new int[1];
    file.forEach((name, line) -> ++count[0] > 0);
    assertThat(count[0]).isEqualTo(120_000);
  }

  @Test
  void lineWithoutEndIsPassedOver() throws Exception {
    Files.writeString(
        passwd, "long:" + "x".repeat(1 << 20) + "\nann:" + SECRET + ":1:1::/home/ann:\n");
    pwd();
    assertThat(site.signIn("ann", "secret").uid()).isEqualTo(1);
    assertThat(site.rejects("long", "x")).isTrue();
  }

  @Test
  void shadowSignsInWithYescrypt() throws Exception {
    shadow("bob:" + YESCRYPT + ":19000:0:99999:7:::\n");
    assertThat(site.signIn("bob", "secret").uid()).isEqualTo(1002);
    assertThat(site.rejects("bob", "Secret")).isTrue();
    assertThat(site.rejects("ann", "secret")).isTrue(); // has no shadow
    assertThat(site.accounts()).containsExactly("bob 1002 1002 /home/bob /home/bob/Maildir");
  }

  @Test
  void passwordThatHadToBeChangedFitsNobody() throws Exception {
    long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
    shadow("bob:" + SECRET + ":" + (today - 31) + ":0:30:7:::\n");
    assertThat(site.rejects("bob", "secret")).isTrue();
    assertThat(site.lookup("bob")).isPresent();
    shadow("bob:" + SECRET + ":" + (today - 30) + ":0:30:7:::\n");
    assertThat(site.rejects("bob", "secret")).isFalse();
  }

  @Test
  void accountThatHasEndedIsNone() throws Exception {
    long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
    shadow("bob:" + SECRET + ":19000:0:99999:7::" + (today - 1) + ":\n");
    assertThat(site.rejects("bob", "secret")).isTrue();
    assertThat(site.lookup("bob")).isEmpty();
    assertThat(site.accounts()).isEmpty();
    shadow("bob:" + SECRET + ":19000:0:99999:7::" + today + ":\n");
    assertThat(site.rejects("bob", "secret")).isFalse();
  }

  @Test
  void lockedPasswordFitsNobody() throws Exception {
    shadow("bob:!" + SECRET + ":19000:0:99999:7:::\n");
    assertThat(site.rejects("bob", "secret")).isTrue();
    assertThat(site.rejects("bob", "!" + SECRET)).isTrue();
    shadow("bob::19000:0:99999:7:::\n");
    assertThat(site.rejects("bob", "")).isTrue();
    assertThat(site.rejects("bob", "secret")).isTrue();
  }

  @Test
  void realUsersAreFoundInTheSystemsFiles() throws Exception {
    site.modules("authpwd");
    assertThat(site.lookup("root"))
        .hasValueSatisfying(root -> assertThat(root.account().home()).isEqualTo(Path.of("/root")));
    assertThat(site.lookup("no-such-user-here")).isEmpty();
  }

  @Test
  void nameServiceKnowsWhatTheSystemsFilesSay() throws Exception {
    assertThat(NameService.user("root"))
        .hasValueSatisfying(
            root -> {
              assertThat(root.name()).isEqualTo("root");
              assertThat(root.uid()).isZero();
              assertThat(root.gid()).isZero();
              assertThat(root.home()).isEqualTo("/root");
            });
    assertThat(NameService.user("no-such-user-here")).isEmpty();
    assertThat(NameService.user("x".repeat(5000))).isEmpty();
  }

  @FuzzTest
  void anyFileIsReadOrRefused(FuzzedDataProvider data) throws Exception {
    String name = data.consumeString(20);
    Path file = Files.createTempFile("passwd", "");
    try {
      Files.write(file, data.consumeRemainingAsBytes());
      assertThat(
              PasswdFile.find(file, name).flatMap(SystemUser::parse).flatMap(SystemUser::account))
          .isNotNull();
      assertThat(PasswdFile.find(file, name).flatMap(ShadowRecord::parse)).isNotNull();
    } finally {
      Files.delete(file);
    }
  }
}
