package org.postrider.auth.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.Evidence;
import org.postrider.auth.Secrets;
import org.postrider.auth.SignInRequest;
import org.postrider.auth.SiteDirectory;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/** With programs in Python that answer as Courier's authdaemond expects of them. */
class PipeTest {

  private static final String ACCOUNTS =
      """
      #!/usr/bin/python3
      import os, sys, base64, hmac
      accounts = {b'ann': b'secret', b'b\\xc3\\xb6b': b'Gr\\xc3\\xbc\\xc3\\x9fe'}
      ask, answer = sys.stdin.buffer, sys.stdout.buffer
      open(sys.argv[0] + '.started', 'a').write('%d\\n' % os.getpid())
      def account(name):
          answer.write(b'UID=1000\\nGID=1001\\nHOME=/home/%s\\nADDRESS=%s@example.com\\n' % (name, name))
          answer.write(b'NAME=Full Name,room 5\\nMAILDIR=mail\\nQUOTA=10S\\nOPTIONS=group=a\\n')
          answer.write(b'PASSWD2=%s\\n.\\n' % accounts[name])
      while True:
          line = ask.readline()
          if not line:
              break
          word, _, rest = line.rstrip(b'\\n').partition(b' ')
          if word == b'PRE':
              name = rest.split(b' ', 2)[2]
              account(name) if name in accounts else answer.write(b'FAIL\\n')
          elif word == b'AUTH':
              service, kind, *data = ask.read(int(rest)).split(b'\\n')
              if kind == b'login':
                  right = accounts.get(data[0]) == data[1] and service == b'imap'
                  name = data[0]
              else:
                  challenge, response = base64.b64decode(data[0]), base64.b64decode(data[1])
                  name, _, digest = response.rpartition(b' ')
                  wanted = hmac.new(accounts.get(name, b'?'), challenge, kind[5:].decode()).hexdigest()
                  right = wanted.encode() == digest
              account(name) if right else answer.write(b'FAIL\\n')
          elif word == b'PASSWD':
              service, name, old, new = rest.split(b'\\t')
              right = accounts.get(name) == old
              if right:
                  accounts[name] = new
              answer.write(b'OK\\n' if right else b'FAIL\\n')
          elif word == b'ENUMERATE':
              for n in range(1000):
                  answer.write(b'user%d\\t%d\\t%d\\t/home/%d\\t\\tgroup=a\\n' % (n, n, n, n))
              answer.write(b'.\\n')
          answer.flush()
      """;

  @TempDir Path home;

  private SiteDirectory site;
  private Path program;

  @BeforeEach
  void writeProgram() throws Exception {
    site = new SiteDirectory(home);
    site.modules("authpipe");
    program = write(ACCOUNTS);
  }

  @AfterEach
  void stopPrograms() {
    PipeProgram.at(program).stopIdle();
  }

  private Path write(String text) throws Exception {
    Path file = site.write("authProg", text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  private List<String> started() throws Exception {
    return Files.readAllLines(Path.of(program + ".started"));
  }

  private String failureOf(String text) throws Exception {
    Path file = write(text);
    PipeProgram quick = new PipeProgram(file, Duration.ofSeconds(5), Duration.ofMillis(700));
    String detail =
        catchThrowableOfType(
                TemporaryFailureException.class,
                () -> quick.ask("PRE . imap ann\n".getBytes(UTF_8)))
            .detail();
    quick.stopIdle();
    return detail;
  }

  @Test
  void programChecksPasswordsAndTellsTheAccount() throws Exception {
    AccountPrincipal ann = site.signIn("ann", "secret");
    assertThat(ann.name()).isEqualTo("ann@example.com");
    assertThat(ann.fullName()).isEqualTo("Full Name");
    assertThat(ann.uid()).isEqualTo(1000);
    assertThat(ann.gid()).isEqualTo(1001);
    assertThat(ann.maildir()).isEqualTo(Path.of("/home/ann/mail"));
    assertThat(ann.quota()).isEqualTo("10S");
    assertThat(ann.options().groups()).containsExactly("a");
    assertThat(site.signIn("böb", "Grüße").name()).isEqualTo("böb@example.com");
    assertThat(site.rejects("ann", "wrong")).isTrue();
    assertThat(site.rejects("nobody", "secret")).isTrue();
    assertThat(started()).hasSize(1);
  }

  @Test
  void challengesAreAnsweredByTheProgram() throws Exception {
    assertThat(site.cram("ann", "secret")).isPresent();
    assertThat(site.cram("ann", "wrong")).isEmpty();
  }

  @Test
  void clearPasswordServesScram() throws Exception {
    assertThat(site.lookup("nobody")).isEmpty();
    Optional<StoredAccount> scram =
        site.answer(new SignInRequest("imap", "ann", new Evidence.Scram("SCRAM-SHA-256")));
    assertThat(scram.map(StoredAccount::secrets).flatMap(Secrets::clear)).hasValue("secret");
  }

  @Test
  void listsAndChanges() throws Exception {
    assertThat(site.accounts()).hasSize(1000).contains("user7 7 7 /home/7 /home/7/Maildir");
    assertThat(change("wrong", "new")).isFalse();
    assertThat(change("secret", "new")).isTrue();
    assertThat(site.rejects("ann", "new")).isFalse();
  }

  private boolean change(String before, String after) throws Exception {
    return site.chain().changePassword("imap", "ann", before.toCharArray(), after.toCharArray());
  }

  @Test
  void fewCopiesAnswerMany() throws Exception {
    List<Future<Boolean>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        String password = i % 2 == 0 ? "secret" : "wrong";
        answers.add(threads.submit(() -> site.rejects("ann", password)));
      }
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get()).isEqualTo(i % 2 == 1);
    }
    assertThat(started()).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void copyThatEndedIsReplacedAndSoIsAnOldProgram() throws Exception {
    site.signIn("ann", "secret");
    ProcessHandle first = ProcessHandle.of(Long.parseLong(started().getFirst())).orElseThrow();
    first.destroyForcibly();
    first.onExit().join();
    assertThat(site.signIn("ann", "secret").uid()).isEqualTo(1000);
    assertThat(started()).hasSize(2);
    write(ACCOUNTS.replace("UID=1000", "UID=2000"));
    assertThat(site.signIn("ann", "secret").uid()).isEqualTo(2000);
  }

  @Test
  void whereThereIsNoProgramNobodyIsAsked() throws Exception {
    Files.delete(program);
    assertThat(site.rejects("ann", "secret")).isTrue();
    assertThat(site.lookup("ann")).isEmpty();
    assertThat(site.accounts()).isEmpty();
    assertThat(change("secret", "new")).isFalse();
  }

  @Test
  void authdaemonrcNamesAnotherProgram() throws Exception {
    Path other = home.resolve("other");
    Files.move(program, other);
    site.write("authdaemonrc", "authmodulelist=authpipe\nAUTHPIPE=" + other + "\n");
    assertThat(site.rejects("ann", "secret")).isFalse();
    PipeProgram.at(other).stopIdle();
  }

  @Test
  void noAnswerIsATemporaryFailure() throws Exception {
    assertThat(failureOf("#!/bin/sh\nread line\n")).contains("gave no answer: it ended.");
    assertThat(failureOf("#!/bin/sh\nread line\necho UID=1\n")).contains("it ended.");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-------"));
    assertThat(site.failure("ann", "secret"))
        .startsWith("authpipe: " + program + " gave no answer");
  }

  @Test
  void programThatHangsIsKilledWithItsChildren() throws Exception {
    long begin = System.nanoTime();
    assertThat(failureOf("#!/bin/sh\nread line\nsleep 300\n")).contains("did not answer within");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void answerWithoutEndIsCutOff() throws Exception {
    assertThat(failureOf("#!/bin/sh\nread line\nyes A=1\n")).contains("more than 64 lines");
    assertThat(failureOf("#!/bin/sh\nread line\nyes | tr -d '\\n'\n"))
        .contains("a line of more than 8192 octets");
  }

  @Test
  void accountWithoutAHomeIsNone() throws Exception {
    write("#!/bin/sh\nwhile read word rest; do printf 'UID=1\\nGID=1\\n.\\n'; done\n");
    assertThat(site.lookup("ann")).isEmpty();
    write("#!/bin/sh\nwhile read word rest; do printf 'USERNAME=root\\n.\\n'; done\n");
    assertThat(site.lookup("ann"))
        .hasValueSatisfying(root -> assertThat(root.account().home()).isEqualTo(Path.of("/root")));
  }
}
