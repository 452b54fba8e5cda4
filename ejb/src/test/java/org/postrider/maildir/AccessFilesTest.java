package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.RightsChange;

class AccessFilesTest {

  private static final MailboxName A = new MailboxName("INBOX.a");
  private static final MailboxName A_B = new MailboxName("INBOX.a.b");
  private static final String DEFAULT = "owner aceilrstwx\nadministrators aceilrstwx\n";
  private static final Identity JOHN = new Identity("john", Set.of(), false);

  @TempDir(factory = InMemory.class)
  Path directory;

  private TestMaildir account;

  @BeforeEach
  void make() throws IOException {
    account = new TestMaildir(directory);
  }

  private String rights(MailboxName name) throws IOException, MaildirException {
    return account.maildir().access().of(name).rights(JOHN).letters();
  }

  private void grant(MailboxName name, String rights) throws IOException, MaildirException {
    account
        .maildir()
        .access()
        .change(name, AccessIdentifier.parse("john"), RightsChange.parse(rights));
  }

  private String file(String name) throws IOException {
    return Files.readString(account.root.resolve(name));
  }

  private boolean has(String name) {
    return Files.exists(account.root.resolve(name));
  }

  /** A directory as maildirmake leaves it. */
  private void makeElsewhere(String name) throws IOException {
    for (String part : new String[] {"tmp", "new", "cur"}) {
      Files.createDirectories(account.root.resolve(name).resolve(part));
    }
  }

  @Test
  void anInboxHasNoFileUntilItsListIsChanged() throws Exception {
    assertThat(rights(MailboxName.INBOX)).isEmpty();
    assertThat(has("courierimapacl")).isFalse();
    grant(MailboxName.INBOX, "lr");
    assertThat(file("courierimapacl")).isEqualTo(DEFAULT + "user=john lr\n");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(account.root.resolve("courierimapacl"))))
        .isEqualTo("rw-r--r--");
    assertThat(TestMaildir.names(account.root.resolve("tmp"))).isEmpty();
  }

  @Test
  void aMailboxBeginsWithTheListOfWhatIsAboveIt() throws Exception {
    account.maildir().create(A);
    assertThat(file(".a/courierimapacl")).isEqualTo(DEFAULT);
    grant(A, "lrk");
    account.maildir().create(new MailboxName("INBOX.a.é"));
    account.maildir().create(new MailboxName("INBOX.a.x.y"));
    assertThat(file(".a.é/courierimapacl")).isEqualTo(DEFAULT + "user=john clr\n");
    assertThat(file(".a.x.y/courierimapacl")).isEqualTo(DEFAULT + "user=john clr\n");
    grant(A, "");
    assertThat(rights(new MailboxName("INBOX.a.é"))).isEqualTo("lrk");
    assertThat(rights(new MailboxName("INBOX.a.x"))).isEmpty();
  }

  @Test
  void whatWasInheritedIsFrozenAtTheFirstAccess() throws Exception {
    grant(MailboxName.INBOX, "l");
    makeElsewhere(".a");
    makeElsewhere(".a.b");
    assertThat(rights(A_B)).isEqualTo("l");
    assertThat(file(".a.b/courierimapacl")).isEqualTo(DEFAULT + "user=john l\n");
    assertThat(file(".a/courierimapacl")).isEqualTo(DEFAULT + "user=john l\n");
    grant(MailboxName.INBOX, "");
    assertThat(rights(A_B)).isEqualTo("l");
    assertThat(TestMaildir.names(account.root.resolve("tmp"))).isEmpty();
  }

  @Test
  void whoOnlyAsksWaitsForNoLock() throws Exception {
    makeElsewhere(".a");
    try (CourierLock held = CourierLock.take(new Disk(), account.root)) {
      assertThat(rights(A)).isEmpty();
      assertThat(has(".a/courierimapacl")).isFalse();
    }
    assertThat(rights(A)).isEmpty();
    assertThat(file(".a/courierimapacl")).isEqualTo(DEFAULT);
  }

  @Test
  void levelsWithoutAMailboxHaveTheListThatCourierKeepsForThem() throws Exception {
    Files.createDirectory(account.root.resolve("courierimaphieracl"));
    Files.writeString(account.root.resolve("courierimaphieracl/a"), "owner al\nuser=john lk\n");
    assertThat(rights(A)).isEqualTo("l");
    Files.writeString(account.root.resolve("courierimaphieracl/a"), "owner al\nuser=john lc\n");
    assertThat(rights(A)).isEqualTo("lk");
    account.maildir().create(A_B);
    assertThat(rights(A_B)).isEqualTo("lk");
    assertThat(has(".a")).isFalse();
    account.maildir().create(A);
    assertThat(rights(A)).isEmpty();
    assertThat(has("courierimaphieracl/a")).isFalse();
  }

  @Test
  void aDeletedMailboxLeavesItsListWhileThereAreOthersBelow() throws Exception {
    account.maildir().create(A);
    account.maildir().create(A_B);
    grant(A, "l");
    account.maildir().delete(A);
    assertThat(file("courierimaphieracl/a")).isEqualTo(DEFAULT + "user=john l\n");
    assertThat(rights(A)).isEqualTo("l");
    account.maildir().delete(A_B);
    assertThat(TestMaildir.names(account.root.resolve("courierimaphieracl"))).isEmpty();
    assertThat(rights(A)).isEmpty();
  }

  @Test
  void listsThatAreNobodysGoWhenTheyAreAnHourOld() throws Exception {
    Path levels = Files.createDirectory(account.root.resolve("courierimaphieracl"));
    makeElsewhere(".a.b");
    makeElsewhere(".c");
    for (String name : new String[] {"a", "a.x", "c", "young", "&AOk-"}) {
      Path list = Files.writeString(levels.resolve(name), DEFAULT);
      boolean young = name.equals("young");
      Files.setLastModifiedTime(
          list, FileTime.from(Instant.now().minusSeconds(young ? 3_500 : 3_700)));
    }
    account.maildir().create(new MailboxName("INBOX.another"));
    assertThat(TestMaildir.names(levels)).containsExactly("a", "c", "young");
  }

  @Test
  void whatIsRenamedKeepsItsLists() throws Exception {
    account.maildir().create(A);
    account.maildir().create(A_B);
    account.maildir().create(new MailboxName("INBOX.ab"));
    grant(A, "l");
    grant(A_B, "lr");
    account.maildir().delete(A);
    grant(MailboxName.INBOX, "s");
    makeElsewhere(".a.c");
    account.maildir().rename(A, new MailboxName("INBOX.z.y"));
    assertThat(rights(new MailboxName("INBOX.z.y"))).isEqualTo("l");
    assertThat(rights(new MailboxName("INBOX.z.y.b"))).isEqualTo("lr");
    assertThat(rights(new MailboxName("INBOX.z.y.c"))).isEqualTo("l");
    assertThat(TestMaildir.names(account.root.resolve("courierimaphieracl"))).containsOnly("z.y");
  }

  @Test
  void aChangeByAnotherProgramCountsAtOnce() throws Exception {
    account.maildir().create(A);
    Path file = account.root.resolve(".a/courierimapacl");
    for (int i = 0; i < 50; i++) {
      String rights = i % 2 == 0 ? "l" : "r";
      Files.writeString(file, DEFAULT + "user=john " + rights + "\n");
      assertThat(rights(A)).isEqualTo(rights);
    }
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    assertThat(rights(A)).isEqualTo("r");
    Path other = Files.writeString(account.root.resolve("tmp/other"), DEFAULT + "user=john w\n");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    assertThat(rights(A)).isEqualTo("w");
  }

  @Test
  void whatIsNoListOrAnAbsurdOneLetsNobodyIn() throws Exception {
    account.maildir().create(A);
    Path file = account.root.resolve(".a/courierimapacl");
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "anyone lr\n");
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    assertThat(rights(A)).isEmpty();
    assertThatThrownBy(() -> grant(A, "l")).isInstanceOf(IOException.class);
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(rights(A)).isEmpty();
    Files.delete(file);
    Files.writeString(file, "user=john l\n".repeat(100_000));
    assertThat(rights(A)).isEmpty();
    Files.writeString(file, "");
    assertThat(rights(A)).isEmpty();
    grant(A, "l");
    assertThat(Files.readString(file)).isEqualTo(DEFAULT + "user=john l\n");
  }

  @Test
  void aRefusedChangeChangesNothing() throws Exception {
    account.maildir().create(A);
    assertThatThrownBy(
            () ->
                account
                    .maildir()
                    .access()
                    .change(A, AccessIdentifier.OWNER, RightsChange.parse("r")))
        .isInstanceOf(MaildirException.class);
    assertThat(file(".a/courierimapacl")).isEqualTo(DEFAULT);
    assertThat(TestMaildir.names(account.root.resolve("tmp"))).isEmpty();
  }

  /** Stopped, or failed, at each call in turn: the list is the old one or the new one. */
  @Test
  void aChangeIsWholeOrNotAtAllWhereverItStops() throws Exception {
    for (FailingDisk.Fault fault : FailingDisk.Fault.values()) {
      boolean failed = true;
      for (int call = 1; failed; call++) {
        account = new TestMaildir(Files.createDirectory(directory.resolve(fault + "" + call)));
        account.maildir().create(A);
        grant(A, "l");
        FailingDisk disk = new FailingDisk(fault);
        account.restart(disk);
        disk.failAt(call);
        boolean done = false;
        try {
          grant(A, "lr");
          done = true;
        } catch (FailingDisk.Killed | IOException | MaildirException e) {
          // not acknowledged
        }
        failed = disk.hasFailed();
        account.restart();
        assertThat(rights(A))
            .as("%s at call %s of %s", fault, call, disk.trace)
            .isIn(done ? Set.of("lr") : Set.of("l", "lr"));
      }
    }
  }
}
