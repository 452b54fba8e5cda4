package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.maildir.Folders;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.Owner;
import org.postrider.maildir.QuotaWarning;
import org.postrider.maildir.ServerUser;
import org.postrider.protocol.ResponseCode.Word;

/** Run by root, the account is really another user; run by anybody else it is their own. */
class AccountHomeTest {

  private static final ServerUser SERVER = ServerUser.current();
  private static final boolean ROOT = SERVER.givesAway();
  private static final Owner OWNER = ROOT ? new Owner(4711, 4712) : SERVER.owner();
  private static final Logger LOGGER = Logger.getLogger("org.postrider.imapd");

  /** The log of sign-ins, as an administrator reads it. */
  private final List<String> told = new ArrayList<>();

  private final Handler ear =
      new Handler() {
        @Override
        public void publish(LogRecord told) {
          AccountHomeTest.this.told.add(told.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TempDir Path directory;
  private Path data;
  private AccountHome homes;

  @BeforeEach
  void listen() throws IOException {
    LOGGER.addHandler(ear);
    data = Files.createDirectory(directory.resolve("data"));
    Files.createDirectory(data.resolve("etc"));
    Files.createDirectory(data.resolve("mail"));
    homes = new AccountHome(data, SERVER);
  }

  @AfterEach
  void listenNoMore() {
    LOGGER.removeHandler(ear);
  }

  private static Account account(Path home, Owner owner) {
    Path maildir = home.resolve("mail/Maildir");
    return new Account("anna", "anna", "", maildir, owner.uid(), owner.gid(), "", Map.of());
  }

  private void prepare(AccountHome by, Path home, Owner owner) throws MailException {
    Account account = account(home, owner);
    by.prepare(
        account, home, new Maildir(new Folders(QuotaWarning.NONE), account.maildir(), owner));
  }

  private void assertRefused(AccountHome by, Path home, Owner owner, String... words) {
    told.clear();
    assertThatThrownBy(() -> prepare(by, home, owner))
        .isInstanceOfSatisfying(
            MailException.class,
            e -> {
              assertThat(e.code()).contains(Word.UNAVAILABLE);
              assertThat(e.getMessage()).doesNotContain("/").contains("administrator");
              assertThat(e.getCause()).isNull();
            });
    assertThat(told).singleElement().asString().contains("anna").contains(words);
  }

  private static void assertOwned(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        assertThat(Files.readAttributes(file, "unix:uid,gid"))
            .as("%s", file)
            .containsEntry("uid", (int) OWNER.uid())
            .containsEntry("gid", (int) OWNER.gid());
      }
    }
  }

  @Test
  void aHomeInTheDataDirectoryIsMadeForItsAccount() throws Exception {
    Path home = data.resolve("mail/example.org/anna");
    prepare(homes, home, OWNER);
    prepare(homes, home, OWNER);
    assertThat(home.resolve("mail/Maildir/cur")).isDirectory();
    assertOwned(home);
    assertThat(Files.getAttribute(home.getParent(), "unix:uid"))
        .isEqualTo((int) SERVER.owner().uid());
    assertThat(told).hasSize(1);
  }

  @Test
  void aMissingHomeElsewhereIsCouriersTemporaryFailure() {
    Path home = directory.resolve("not-mounted/anna");
    assertRefused(homes, home, OWNER, "chdir(" + home + ") failed!!", "AUTH_MKHOMEDIR_SKEL");
    assertThat(home.getParent()).doesNotExist();
  }

  @Test
  void aSentenceIsToldOnceInAWhile() {
    Path home = directory.resolve("not-mounted/anna");
    assertRefused(homes, home, OWNER, "chdir");
    assertThatThrownBy(() -> prepare(homes, home, OWNER)).isInstanceOf(MailException.class);
    assertThat(told).hasSize(1);
  }

  @Test
  void aMissingHomeIsMadeFromCouriersSkeleton() throws Exception {
    Path skeleton = Files.createDirectories(directory.resolve("skel/mail"));
    Files.writeString(skeleton.resolve("hello"), "x");
    Files.writeString(
        data.resolve("etc/imapd"), "AUTH_MKHOMEDIR_SKEL=" + directory.resolve("skel") + "\n");
    Path home = Files.createDirectory(directory.resolve("homes")).resolve("anna");
    prepare(homes, home, OWNER);
    assertThat(home.resolve("mail/hello")).exists();
    assertThat(home.resolve("mail/Maildir/new")).isDirectory();
    assertOwned(home);
    Path deeper = directory.resolve("not-mounted/anna");
    assertRefused(homes, deeper, OWNER, "chdir(" + deeper + ") failed!!");
  }

  @Test
  void aHomeWithTheStickyBitIsLocked() throws Exception {
    Path home = data.resolve("mail/anna");
    prepare(homes, home, OWNER);
    assertThat(new ProcessBuilder("chmod", "+t", home.toString()).start().waitFor()).isZero();
    told.clear();
    assertThatThrownBy(() -> prepare(homes, home, OWNER))
        .hasMessage("Your account is temporarily unavailable (+t bit set on home directory).");
    assertThat(told).singleElement().asString().contains("chmod -t");
  }

  @Test
  void anAccountThatTheServersUserCannotServeIsRefused() throws Exception {
    Path home = data.resolve("mail/anna");
    AccountHome ordinary =
        new AccountHome(data, new ServerUser(new Owner(1234, 1234), Set.of(), false));
    assertRefused(
        ordinary, home, new Owner(4711, 1), "4711:1", "runs as uid 1234", "run the server as uid");
    assertThat(home).doesNotExist();
  }

  @Test
  void aMaildirOfAnotherUserIsRefused() throws Exception {
    Path home = Files.createDirectory(data.resolve("mail/anna"));
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(home.resolve("mail/Maildir").resolve(part));
    }
    if (ROOT) {
      assertRefused(homes, home, OWNER, "belongs to uid 0", "chown -R 4711:4712");
      // A server without root's rights, on a file system that tells odd owners.
      ServerUser ordinary = new ServerUser(OWNER, Set.of(), false);
      assertRefused(new AccountHome(data, ordinary), home, OWNER, "chown -R");
      Files.writeString(data.resolve("etc/imapd"), "IMAP_MAILBOX_SANITY_CHECK=0\n");
      prepare(new AccountHome(data, ordinary), home, OWNER);
      assertRefused(new AccountHome(data, SERVER), home, OWNER, "belongs to uid 0");
    } else {
      prepare(homes, home, OWNER);
    }
  }

  @Test
  void aDirectoryThatIsALinkIsRefusedWhereTheServerIsRoot() throws Exception {
    Path home = data.resolve("mail/anna");
    prepare(homes, home, OWNER);
    Path fresh = home.resolve("mail/Maildir/new");
    Files.delete(fresh);
    Files.createSymbolicLink(fresh, directory);
    if (ROOT) {
      assertRefused(homes, home, OWNER, fresh.toString(), "symbolic link");
    } else {
      prepare(homes, home, OWNER);
    }
  }

  @Test
  void aHomeThatTheServersUserMayNotEnterIsSaid() throws Exception {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    if (ROOT) {
      Path home = closed.resolve("anna");
      assertRefused(homes, home, OWNER, "chdir(" + home + ") failed!!");
    } else {
      assertRefused(homes, closed.resolve("anna"), OWNER, "may not use", "chown");
    }
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aMaildirWhoseParentIsNotTheAccountsIsLeftToTheAdministrator() throws Exception {
    Path home = Files.createDirectory(directory.resolve("shared"));
    if (ROOT) {
      assertRefused(homes, home, OWNER, "belongs to uid 0", "maildirmake");
      assertThat(home.resolve("mail")).doesNotExist();
    } else {
      prepare(homes, home, OWNER);
    }
  }
}
