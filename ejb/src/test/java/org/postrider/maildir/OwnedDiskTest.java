package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;

/**
 * Run by root, the Maildir is really another user's. Run by anybody else it is their own, and what
 * is given away is given to themselves: the same calls, all but root's rights.
 */
class OwnedDiskTest {

  private static final boolean ROOT = ServerUser.current().givesAway();
  private static final Owner OWNER = ROOT ? new Owner(4711, 4712) : ServerUser.current().owner();

  /** Notes what is given away, and fails where it has its final name already. */
  private static final class Watched extends OwnedDisk {
    final List<Path> given = new ArrayList<>();

    Watched() {
      super(OWNER);
    }

    @Override
    void give(Descriptor made, Path name) throws IOException {
      boolean isScratch = name.getParent().endsWith("tmp");
      assertThat(isScratch || Files.notExists(name, LinkOption.NOFOLLOW_LINKS))
          .as("not yet seen: %s", name)
          .isTrue();
      given.add(name);
      super.give(made, name);
    }
  }

  @TempDir Path directory;
  private Path home;
  private Watched disk;
  private TestMaildir account;
  private Path root;

  @BeforeEach
  void makeAnAccount() throws IOException {
    home = directory.resolve("home");
    HomeDirectory.make(home, Optional.empty(), OWNER);
    disk = new Watched();
    account = new TestMaildir(home, disk);
    root = account.root;
  }

  private static void assertOwned(Path file) throws IOException {
    assertThat(Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS))
        .as("%s", file)
        .containsEntry("uid", (int) OWNER.uid())
        .containsEntry("gid", (int) OWNER.gid());
  }

  /** A directory that is not the account's, with something in it. */
  private Path foreign() throws IOException {
    return ROOT ? Files.createDirectory(directory.resolve("foreign")) : Path.of("/");
  }

  private static void replaceByLink(Path directory, Path target) throws IOException {
    Files.move(directory, directory.resolveSibling("moved-" + directory.getFileName()));
    Files.createSymbolicLink(directory, target);
  }

  @Test
  void everythingThatIsMadeIsTheAccountsBeforeItIsSeen() throws Exception {
    MailboxName other = new MailboxName("INBOX.été");
    Maildir maildir = account.maildir();
    maildir.create(TestMaildir.SENT);
    Flags flags = Flags.ofKeywords(List.of("Work"));
    long validity = TestMaildir.append(account.inbox(), "one", flags).uidValidity();
    TestMaildir.append(account.inbox(), "two", Flags.NONE);
    account.deliver("1.delivered");
    assertThat(account.inbox().open(false).uids()).hasSize(3);
    Folder sent = account.folder(TestMaildir.SENT);
    Transfer.copy(account.inbox(), validity, TestMaildir.uids(1, 2), sent);
    Transfer.move(account.inbox(), validity, TestMaildir.uids(2), sent);
    account.inbox().store(validity, TestMaildir.uids(1), before -> Flags.ofKeywords(List.of("x")));
    maildir.subscribe(TestMaildir.SENT);
    maildir.rename(TestMaildir.SENT, other);
    maildir.create(TestMaildir.SENT);
    maildir.delete(TestMaildir.SENT);
    assertThat(TestMaildir.subjects(account.folder(other))).containsExactly("one", "two", "two");
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        boolean delivered = file.toString().contains("1.delivered");
        if (!delivered || Files.isDirectory(file)) {
          assertOwned(file);
        }
      }
    }
    assertThat(disk.given).hasSizeGreaterThan(20);
    assertThat(Files.getPosixFilePermissions(root.resolve("cur")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(root.resolve(".été/maildirfolder")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void linesOfTheQuotaGoIntoTheAccountsOwnFileOnly() throws Exception {
    account.maildir().limit(new QuotaLimits(0, 10));
    TestMaildir.append(account.inbox(), "one", Flags.NONE);
    Path file = root.resolve(Maildirsize.FILE);
    assertOwned(file);
    assertThat(account.maildir().quota().used().messages()).isEqualTo(1);
    Path link = Files.createSymbolicLink(root.resolve("link"), file);
    assertThatThrownBy(() -> disk.append(link, ByteBuffer.wrap(new byte[] {'x'})))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.append(root.resolve("cur"), ByteBuffer.wrap(new byte[] {'x'})))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void theServersOwnFilesAreNotGivenAway() {
    Owner self = ServerUser.current().owner();
    Disk plain = new Disk();
    assertThat(plain.ownedBy(self)).isSameAs(plain);
    assertThat(plain.owner()).isEqualTo(self);
    Disk another = plain.ownedBy(new Owner(4711, 4712));
    assertThat(another.getClass()).isEqualTo(ROOT ? OwnedDisk.class : Disk.class);
  }

  @Test
  void aLinkInPlaceOfADirectoryLeadsNowhere() throws Exception {
    Path foreign = foreign();
    List<String> before = TestMaildir.names(foreign);
    Folder inbox = account.inbox();
    long validity = TestMaildir.append(inbox, "one", Flags.NONE).uidValidity();
    replaceByLink(root.resolve("tmp"), foreign);
    assertThatThrownBy(() -> TestMaildir.append(inbox, "two", Flags.NONE))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(
            () ->
                inbox.store(validity, TestMaildir.uids(1), flags -> Flags.ofKeywords(List.of("a"))))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> account.maildir().subscribe(TestMaildir.SENT))
        .isInstanceOf(FileSystemException.class);
    assertThat(TestMaildir.names(foreign)).isEqualTo(before);
  }

  @Test
  void aMaildirThatBecomesALinkLeadsNowhere() throws Exception {
    Path foreign = foreign();
    List<String> before = TestMaildir.names(foreign);
    replaceByLink(root, foreign);
    assertThatThrownBy(() -> account.maildir().create(TestMaildir.SENT))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.names(root)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.forceDirectory(root)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.create(root.resolve("x")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.makeDirectory(root.resolve("x")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.rename(home.resolve("moved-Maildir"), root.resolve("x")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.link(home.resolve("moved-Maildir/cur"), root.resolve("x")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.unlink(root.resolve("etc")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> disk.removeTree(root.resolve("etc")))
        .isInstanceOf(FileSystemException.class);
    assertThat(TestMaildir.names(foreign)).isEqualTo(before);
  }

  @Test
  void nothingIsMadeThroughALinkNotEvenToADirectoryOfTheAccounts() throws Exception {
    replaceByLink(root.resolve("tmp"), root.resolve("moved-tmp"));
    assertThatThrownBy(() -> TestMaildir.append(account.inbox(), "one", Flags.NONE))
        .isInstanceOf(FileSystemException.class);
    assertThat(TestMaildir.names(root.resolve("moved-tmp"))).isEmpty();
  }

  @Test
  void aFileThatTheAccountMayNotReadIsNotReadForIt() throws Exception {
    Path secret = account.put("1.secret");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    if (ROOT) {
      assertThatThrownBy(() -> disk.open(secret)).isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(() -> disk.setMode(secret, "rw-r--r--"))
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(() -> disk.setTimes(secret, FileTime.fromMillis(0)))
          .isInstanceOf(AccessDeniedException.class);
      assertThat(TestMaildir.names(root.resolve("cur"))).hasSize(1);
      Folder inbox = account.inbox();
      FolderState state = inbox.open(false);
      assertThat(inbox.open(state.uidValidity(), inbox.messages(state.uidValidity()).get(0)))
          .isEmpty();
      Files.setAttribute(secret, "unix:gid", (int) OWNER.gid());
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
      disk.open(root.resolve("cur").resolve(TestMaildir.names(root.resolve("cur")).get(0))).close();
    } else {
      disk.open(secret).close();
    }
  }

  @Test
  void whatIsNoFileIsNotOpened() throws Exception {
    Path pipe = root.resolve("cur/1.pipe");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    Path link = Files.createSymbolicLink(root.resolve("cur/2.link"), Path.of("/etc/passwd"));
    assertThatThrownBy(() -> disk.open(pipe)).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> disk.open(link)).hasMessageContaining("symbolic link");
    assertThatThrownBy(() -> disk.create(link)).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.open(root.resolve("cur/3")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(root.resolve("cur/3").toString());
  }

  @Test
  void aDirectoryThatIsThereStaysAsItIs() throws Exception {
    Path there = root.resolve("cur");
    account.put("1.message");
    assertThatThrownBy(() -> disk.makeDirectory(there))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(TestMaildir.names(there)).containsExactly("1.message");
    assertThat(TestMaildir.names(root)).containsExactly("cur", "new", "tmp");
  }

  @Test
  void removingATreeLeavesWhatItsLinksPointTo() throws Exception {
    Path kept = Files.createDirectory(directory.resolve("kept"));
    Files.writeString(kept.resolve("file"), "x");
    account.maildir().create(TestMaildir.SENT);
    Path sent = root.resolve(".Sent");
    Files.createSymbolicLink(sent.resolve("cur/link"), kept);
    account.maildir().delete(TestMaildir.SENT);
    assertThat(sent).doesNotExist();
    assertThat(TestMaildir.names(root.resolve("tmp"))).isEmpty();
    assertThat(kept.resolve("file")).exists();
  }

  @Test
  void noDescriptorIsLeftOpen() throws Exception {
    TestMaildir.append(account.inbox(), "warm", Flags.NONE);
    int before = descriptors();
    for (int i = 0; i < 50; i++) {
      TestMaildir.append(account.inbox(), "m" + i, Flags.ofKeywords(List.of("K" + i % 3)));
      assertThatThrownBy(() -> disk.open(root.resolve("cur/none")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> disk.create(root.resolve("none/none")))
          .isInstanceOf(NoSuchFileException.class);
    }
    assertThat(descriptors()).isLessThan(before + 20);
  }

  private static int descriptors() throws IOException {
    return TestMaildir.names(Path.of("/proc/self/fd")).size();
  }

  @Test
  void namesNeedNotBeAscii() throws Exception {
    Disk plain = new OwnedDisk(OWNER);
    Path folder = FileNames.in(root, FileNames.utf8(".été\u0001台"));
    plain.makeDirectory(folder);
    Path file = FileNames.in(folder, "odd\u00ff\u00fe");
    try (FileChannel channel = plain.create(file)) {
      assertThat(channel.size()).isZero();
    }
    assertThat(plain.names(folder)).containsExactly("odd\u00ff\u00fe");
    plain.open(file).close();
    assertOwned(file);
    plain.removeTree(folder);
  }

  @Test
  void aHomeIsMadeFromASkeletonWhole() throws Exception {
    Path skeleton = Files.createDirectories(directory.resolve("skel/Maildir/new")).getParent();
    Files.writeString(skeleton.resolve("new/welcome"), "Subject: Welcome\n\nHello\n");
    Path tool = Files.writeString(directory.resolve("skel/tool"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-x---"));
    Files.createSymbolicLink(directory.resolve("skel/link"), Path.of("/etc/passwd"));
    Path made = directory.resolve("made");
    HomeDirectory.make(made, Optional.of(directory.resolve("skel")), OWNER);
    try (Stream<Path> all = Files.walk(made)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        assertOwned(file);
      }
    }
    assertThat(made.resolve("Maildir/new/welcome")).content().contains("Hello");
    assertThat(Files.getPosixFilePermissions(made.resolve("tool")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(Files.readSymbolicLink(made.resolve("link"))).isEqualTo(Path.of("/etc/passwd"));
    assertThat(Files.getAttribute(Path.of("/etc/passwd"), "unix:uid")).isEqualTo(0);
    assertThatThrownBy(() -> HomeDirectory.make(made, Optional.empty(), OWNER))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void homesAreGivenAwayOnlyWhereNobodyElseWrites() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path made = open.resolve("made");
    if (ROOT) {
      assertThatThrownBy(() -> HomeDirectory.make(made, Optional.empty(), OWNER))
          .hasMessageContaining("nobody else may write");
      assertThat(made).doesNotExist();
    } else {
      HomeDirectory.make(made, Optional.empty(), OWNER);
      assertOwned(made);
    }
  }
}
