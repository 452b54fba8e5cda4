package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.it.Program.Ended;

/** The commands in sbin/ as the server has them, by their scripts, while no server runs. */
class ToolsIT {

  /** A server's directory with a blank in its name, and a data directory noted for it. */
  private static Path server;

  private static Path home;
  private static Path room;

  @BeforeAll
  static void layOut() throws IOException {
    room = PostriderServer.directory("tools");
    server = room.resolve("a server");
    home = Files.createDirectories(room.resolve("its data")).toAbsolutePath();
    Files.createDirectory(home.resolve("etc"));
    Path provisioned = PostriderServer.property("postrider.it.server");
    for (String part : List.of("bin", "sbin", "man", "modules/org/postrider")) {
      copy(provisioned.resolve(part), server.resolve(part));
    }
    Files.writeString(
        Files.createDirectories(server.resolve("standalone/configuration"))
            .resolve("postrider-tools"),
        "home=" + home + "\njava=" + System.getProperty("java.home") + "\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          Files.copy(source, target);
        }
      }
    }
  }

  private static Ended run(Path script, String input, String... arguments)
      throws IOException, InterruptedException {
    return new Program(script, room.resolve("work")).run(List.of(arguments), input.getBytes(UTF_8));
  }

  private static Path sbin(String tool) {
    return server.resolve("sbin").resolve(tool);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "userdb",
        "makeuserdb",
        "userdbpw",
        "pw2userdb",
        "vchkpw2userdb",
        "authtest",
        "authenumerate",
        "authpasswd",
        "authinfo",
        "courierauthconfig",
        "maildirmake",
        "sharedindexinstall",
        "sharedindexsplit",
        "maildiracl",
        "maildirkw",
        "deliverquota",
        "maildircheck",
        "mkimapdcert",
        "imapd",
        "imapd-ssl"
      })
  void everyCommandCanBeRunAndHasItsManualPage(String tool) throws Exception {
    assertThat(run(sbin(tool), "", "--help").succeeded()).startsWith(tool + " ");
    try (Stream<Path> pages = Files.walk(server.resolve("man"))) {
      assertThat(pages.map(it -> it.getFileName().toString()))
          .containsAnyOf(tool + ".1", tool + ".8");
    }
  }

  @Test
  void whatEveryUserCallsIsInBinAsWell() throws Exception {
    String hash = run(server.resolve("bin/authpasswd"), "secret\n", "md5").succeeded();

    assertThat(hash).isEqualTo("{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==\n");
  }

  @Test
  void anAccountIsMadeAndSignsInWithoutARunningServer() throws Exception {
    String name = "zo\u00EB@example.org";
    String hash = run(sbin("userdbpw"), "ge heim\n", "-sha512").succeeded();

    run(sbin("userdb"), hash, name, "set", "uid=5", "gid=6", "home=/h/zoe", "imappw").succeeded();
    run(sbin("makeuserdb"), "").succeeded();
    String known = run(sbin("authtest"), "", "-s", "imap", name, "ge heim").succeeded();
    Ended refused = run(sbin("authtest"), "", "-s", "imap", name, "geheim");

    assertThat(known).contains("Authenticated: " + name + "  (uid 5, gid 6)");
    assertThat(known).contains("Encrypted Password: " + hash);
    assertThat(refused).isEqualTo(new Ended(1, "Authentication FAILED: Operation not permitted\n"));
    assertThat(run(sbin("authenumerate"), "").succeeded()).contains(name + "\t5\t6\t/h/zoe\t");
  }

  @Test
  void mailIsDeliveredWithinItsQuota() throws Exception {
    String maildir = room.resolve("a Maildir").toString();

    Ended first = run(sbin("deliverquota"), "Subject: a\n\nb\n", "-c", maildir, "20S");
    Ended second = run(sbin("deliverquota"), "Subject: a\n\nb\n", maildir);

    assertThat(first).isEqualTo(new Ended(0, ""));
    assertThat(second).isEqualTo(new Ended(77, "Mail quota exceeded.\n"));
    assertThat(run(sbin("maildiracl"), "", "-list", maildir, "INBOX").succeeded())
        .startsWith("owner\taceilrstwx\n");
  }

  @Test
  void aSymbolicLinkFromElsewhereWorks() throws Exception {
    Path elsewhere = Files.createDirectories(room.resolve("else where/deeper"));
    Path first = Files.createSymbolicLink(elsewhere.resolve("first"), sbin("courierauthconfig"));
    Path second = Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("first"));
    Path directory = Files.createSymbolicLink(room.resolve("linked sbin"), server.resolve("sbin"));

    for (Path link : List.of(first, second, directory.resolve("courierauthconfig"))) {
      assertThat(run(link, "", "--configfiles").succeeded())
          .startsWith("userdb=" + home + "/etc/userdb\n")
          .contains("sbindir=" + server.toAbsolutePath() + "/sbin\n");
    }
  }

  @Test
  void aPasswordIsAskedForTwiceOnATerminal() throws Exception {
    Path answer = room.resolve("answer");
    Program terminal = Program.find("script", "bsdutils", room.resolve("work"));

    String seen =
        terminal
            .run(
                List.of(
                    "-qec", "'" + sbin("userdbpw") + "' -hmac-md5 > '" + answer + "'", "/dev/null"),
                "secret\nsecre\nsecret\nsecret\n".getBytes(UTF_8))
            .succeeded();

    assertThat(seen).contains("Password: ", "Reenter password: ", "Passwords don't match.");
    assertThat(answer)
        .hasContent("cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56\n");
  }

  @Test
  void withoutADataDirectoryItIsSaidWhatToSet() throws Exception {
    Path bare = room.resolve("bare");
    copy(server.resolve("sbin"), bare.resolve("sbin"));
    copy(server.resolve("modules"), bare.resolve("modules"));

    Ended ended = run(bare.resolve("sbin/userdb"), "", "ann", "set", "a=b");

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.output()).contains("set POSTRIDER_HOME");
  }
}
