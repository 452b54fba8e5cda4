package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An application that knows nothing of Postrider signs its users in with their mail accounts, by
 * the descriptors and lines of the manual.
 */
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignApplicationIT {

  private static final String PARTNER = "partner@example.net";
  private static final String STAFF = "staff@example.org";
  private static final String PASSWORD = PostriderServer.PASSWORD;

  private final PostriderServer server;
  private final Manual manual;
  private final Path directory;
  private final Path etc;
  private final WildflyCli cli;
  private final ForeignWar basic;
  private final ForeignWar form;
  private final ForeignWar webmail;
  private String account;

  ForeignApplicationIT(PostriderServer server) throws IOException {
    this.server = server;
    this.manual = Manual.section("Accounts for other applications");
    this.directory = PostriderServer.directory("foreign");
    this.etc = server.home().resolve("etc");
    this.cli = new WildflyCli(directory);
    this.basic = new ForeignWar(server, "basic");
    this.form = new ForeignWar(server, "form");
    this.webmail = new ForeignWar(server, "webmail");
  }

  @BeforeAll
  void deployApplications() throws Exception {
    account = server.newAccount();
    String userdb = Files.readString(etc.resolve("userdb"));
    String record =
        userdb.lines().filter(line -> line.startsWith(account + "\t")).findFirst().orElseThrow();
    Files.writeString(
        etc.resolve("userdb"),
        record.replace(account, STAFF)
            + "|options=group=staff,group=sales,disableimap=1|webmailpw={SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n",
        StandardOpenOption.APPEND);

    // A second module of the chain, with an account that only it knows.
    Path partners =
        Files.createFile(
            etc.resolve("partners"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partners, record.replace(account, PARTNER) + "\n");
    Files.writeString(
        etc.resolve("jaas.conf"),
        "partners { org.postrider.auth.UserdbLoginModule required userdb=\"etc/partners\"; };\n");
    Files.writeString(etc.resolve("authdaemonrc"), "authmodulelist=\"authuserdb partners\"\n");

    Files.writeString(
        server.jaasFile(),
        "\n"
            + manual
                .text()
                .lines()
                .dropWhile(line -> !line.strip().equals("webmail {"))
                .limit(3)
                .collect(Collectors.joining("\n")),
        StandardOpenOption.APPEND);
    cli.on(
        server,
        List.of(
            manual.example("jaas-realm=webmail"),
            "deploy " + basic.write(directory, false, "postrider-accounts"),
            "deploy " + form.write(directory, true, "postrider-accounts"),
            "deploy " + webmail.write(directory, false, "webmail")));
  }

  @AfterAll
  void takeAway() throws Exception {
    cli.on(server, List.of("undeploy basic.war", "undeploy form.war", "undeploy webmail.war"));
    for (String file : List.of("authdaemonrc", "jaas.conf", "partners")) {
      Files.delete(etc.resolve(file));
    }
  }

  private HttpResponse<String> basic(String path, String name, String password) throws Exception {
    return basic.basic(path, name, password);
  }

  @Test
  void basicSignsInWithTheMailAccount() throws Exception {
    HttpResponse<String> answer = basic("who", account, PASSWORD);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualToIgnoringNewLines(account + " staff=false");
    assertThat(basic("staff/who", account, PASSWORD).statusCode()).isEqualTo(403);
  }

  @Test
  void wrongPasswordAndUnknownNameAreAnsweredAlike() throws Exception {
    HttpResponse<String> wrong = basic("who", account, "wrong");
    HttpResponse<String> unknown = basic("who", "nobody@example.org", PASSWORD);
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.headers().firstValue("WWW-Authenticate"))
        .contains("Basic realm=\"Mail accounts\"");
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(wrong.body());
    assertThat(unknown.headers().map().keySet()).isEqualTo(wrong.headers().map().keySet());
    assertThat(basic("who", account, "").statusCode()).isEqualTo(401);
    assertThat(basic("who", "", PASSWORD).statusCode()).isEqualTo(401);
  }

  @Test
  void groupsAreRolesWhateverTheOptionsSayAboutMail() throws Exception {
    assertThat(basic("staff/who", STAFF, PASSWORD).body())
        .isEqualToIgnoringNewLines(STAFF + " staff=true");
  }

  @Test
  void anAccountOfTheSecondModuleSignsInToo() throws Exception {
    assertThat(basic("who", PARTNER, PASSWORD).body())
        .isEqualToIgnoringNewLines(PARTNER + " staff=false");
    assertThat(basic("who", PARTNER, "wrong").statusCode()).isEqualTo(401);
    try (ImapClient imap = server.signedIn(PARTNER)) {
      imap.ok("LOGOUT");
    }
  }

  @Test
  void anotherServiceHasItsOwnPasswords() throws Exception {
    assertThat(webmail.basic("who", STAFF, "test").statusCode()).isEqualTo(200);
    assertThat(webmail.basic("who", STAFF, PASSWORD).statusCode()).isEqualTo(401);
    assertThat(basic("who", STAFF, "test").statusCode()).isEqualTo(401);
  }

  @Test
  void formSignsInOnceASession() throws Exception {
    try (HttpClient visitor = form.visitor()) {
      assertThat(form.get(visitor, "who").body()).contains("Sign in");
      assertThat(form.form(visitor, account, "wrong").body()).contains("Refused");
      assertThat(form.form(visitor, "nobody@example.org", PASSWORD).body()).contains("Refused");
      assertThat(form.form(visitor, PARTNER, PASSWORD).body())
          .isEqualToIgnoringNewLines(PARTNER + " staff=false");
      assertThat(form.get(visitor, "who").body())
          .isEqualToIgnoringNewLines(PARTNER + " staff=false");
    }
  }

  @Test
  void whatCannotBeToldIsARefusalAndALineInTheLog() throws Exception {
    Path userdb = etc.resolve("userdb");
    Files.setPosixFilePermissions(userdb, PosixFilePermissions.fromString("rw-r--r--"));
    try {
      assertThat(basic("who", account, PASSWORD).statusCode()).isEqualTo(401);
      assertThat(server.log().lines())
          .anyMatch(line -> line.contains("Sign-in fails for the time being. " + userdb));
    } finally {
      Files.setPosixFilePermissions(userdb, PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(basic("who", account, PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void anyJavaProgramSignsInByJaasAlone() throws Exception {
    Path modules = PostriderServer.property("postrider.it.server").resolve("modules/org/postrider");
    Path source =
        Files.writeString(directory.resolve("SignIn.java"), manual.example("public class SignIn"));
    Path jaas =
        Files.writeString(
            directory.resolve("jaas.conf"),
            manual.example("mail {").replace("/srv/postrider", server.home().toString()));
    Program java = new Program(PostriderServer.java(), directory);
    List<String> arguments =
        List.of(
            "-classpath",
            modules.resolve("auth/main/postrider.jar")
                + ":"
                + modules.resolve("auth/main/commons-codec.jar"),
            "-Djava.security.auth.login.config=" + jaas,
            source.toString(),
            PARTNER);
    assertThat(java.run(arguments, (PASSWORD + "\n").getBytes(UTF_8)).succeeded())
        .contains(PARTNER + " has mail in " + server.maildir(PARTNER));
    Program.Ended refused = java.run(arguments, "wrong\n".getBytes(UTF_8));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.output()).contains("FailedLoginException");
  }
}
