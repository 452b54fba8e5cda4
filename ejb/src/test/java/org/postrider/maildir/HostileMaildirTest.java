package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * A Maildir whose owner means harm. Whatever stands where the store expects something else, it
 * takes no harm from it: each call ends soon, with a result or a refusal, and another account's
 * files are as they were. Run by root the two accounts are different users of the system.
 */
class HostileMaildirTest {

  private static final boolean ROOT = ServerUser.current().givesAway();
  private static final Owner ATTACKER = ROOT ? new Owner(4711, 4711) : owner();
  private static final Owner VICTIM = ROOT ? new Owner(4713, 4713) : owner();
  private static final MailboxName OTHER = new MailboxName("INBOX.Other");
  private static final MailboxName THIRD = new MailboxName("INBOX.Sent.third");

  private static Owner owner() {
    return ServerUser.current().owner();
  }

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path victim;
  private Map<String, String> untouched;

  @BeforeEach
  void makeAVictim() throws Exception {
    TestMaildir account =
        new TestMaildir(home("victim", VICTIM), ROOT ? new OwnedDisk(VICTIM) : new Disk());
    victim = account.root;
    account.maildir().create(TestMaildir.SENT);
    account.maildir().limit(new QuotaLimits(1_000_000, 1_000));
    Folder inbox = account.inbox();
    long validity = TestMaildir.append(inbox, "one", Flags.ofKeywords(List.of("A"))).uidValidity();
    TestMaildir.append(inbox, "two", Flags.of(SystemFlag.DELETED));
    inbox.store(validity, TestMaildir.uids(1), flags -> Flags.ofKeywords(List.of("B")));
    account.maildir().subscribe(TestMaildir.SENT);
    account.maildir().access().of(TestMaildir.SENT);
    Files.createFile(victim.resolve("new/1.waiting"));
    untouched = snapshot(victim);
  }

  private Path home(String name, Owner owner) throws IOException {
    Path home = directory.resolve(name);
    HomeDirectory.make(home, Optional.empty(), owner);
    return home;
  }

  private TestMaildir attacker(boolean anotherUser) throws Exception {
    Path home = home("attacker", anotherUser ? ATTACKER : owner());
    TestMaildir account =
        new TestMaildir(home, anotherUser && ROOT ? new OwnedDisk(ATTACKER) : new Disk());
    account.maildir().create(TestMaildir.SENT);
    TestMaildir.append(account.inbox(), "mine", Flags.ofKeywords(List.of("A")));
    TestMaildir.append(account.folder(TestMaildir.SENT), "sent", Flags.NONE);
    account.maildir().limit(new QuotaLimits(1_000_000, 1_000));
    account.maildir().subscribe(TestMaildir.SENT);
    return account;
  }

  /** Everything below a directory: what it is, whose, and what is in it. */
  private static Map<String, String> snapshot(Path top) throws IOException {
    Map<String, String> all = new TreeMap<>();
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(path, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            String content = attributes.isRegularFile() ? Files.readString(path, LATIN) : "";
            all.put(
                top.relativize(path).toString(),
                Files.readAttributes(
                        path, "unix:uid,gid,mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS)
                    + content);
            return FileVisitResult.CONTINUE;
          }
        });
    return all;
  }

  private static final java.nio.charset.Charset LATIN = StandardCharsets.ISO_8859_1;

  private static void removeAll(Path path) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", path.toString()).inheritIO().start().waitFor();
  }

  private static void give(Path path, Owner owner) throws IOException {
    if (ROOT && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.setAttribute(path, "unix:uid", (int) owner.uid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", (int) owner.gid(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  // ---- everything that can be asked of a Maildir

  @FunctionalInterface
  private interface Call {
    void run() throws IOException, MaildirException;
  }

  /** It may say no; it may not do anything else. */
  private static boolean attempt(Call call) {
    try {
      call.run();
      return true;
    } catch (IOException | MaildirException e) {
      assertThat(e).hasMessageNotContaining("NullPointer");
      return false;
    }
  }

  private static void everything(Maildir maildir) {
    attempt(maildir::mailboxes);
    for (MailboxName name : List.of(MailboxName.INBOX, TestMaildir.SENT)) {
      attempt(() -> maildir.access().of(name));
      attempt(() -> use(maildir.folder(name)));
      attempt(
          () ->
              maildir
                  .access()
                  .change(
                      name,
                      new AccessIdentifier("user=jane"),
                      new RightsChange(RightsChange.Kind.REPLACE, Rights.of(Right.LOOKUP))));
    }
    attempt(() -> copy(maildir));
    attempt(() -> maildir.create(THIRD));
    attempt(() -> maildir.rename(TestMaildir.SENT, OTHER));
    attempt(() -> maildir.delete(OTHER));
    attempt(() -> maildir.delete(TestMaildir.SENT));
    attempt(() -> maildir.subscribe(OTHER));
    attempt(maildir::subscriptions);
    attempt(() -> maildir.unsubscribe(TestMaildir.SENT));
    attempt(maildir::quota);
    attempt(() -> maildir.limit(new QuotaLimits(2_000_000, 0)));
    attempt(() -> maildir.obey(new QuotaLimits(3_000_000, 0)));
    attempt(maildir::prepare);
  }

  private static void use(Folder folder) throws IOException, MaildirException {
    attempt(folder::counts);
    attempt(() -> TestMaildir.append(folder, "new one", Flags.ofKeywords(List.of("B"))));
    FolderState state = folder.open(false);
    long validity = state.uidValidity();
    for (StoredMessage message : folder.messages(validity)) {
      attempt(() -> folder.open(validity, message).ifPresent(HostileMaildirTest::close));
      attempt(() -> folder.date(validity, message));
    }
    UidSet all = UidSet.ofRange(1, UidSet.MAX_UID);
    attempt(() -> folder.store(validity, all, flags -> Flags.ofKeywords(List.of("C", "D"))));
    attempt(() -> folder.store(validity, all, flags -> flags.plus(SystemFlag.SEEN)));
    attempt(() -> folder.changes(validity, state.modSeq(), false));
    attempt(
        () -> folder.store(validity, TestMaildir.uids(1), flags -> flags.plus(SystemFlag.DELETED)));
    attempt(() -> folder.expunge(validity, Optional.empty()));
    attempt(() -> TestMaildir.append(folder, "last one", Flags.NONE));
  }

  private static void close(OpenMessage message) {
    try {
      message.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Maildir maildir) throws IOException, MaildirException {
    Folder inbox = maildir.folder(MailboxName.INBOX);
    long validity = inbox.open(true).uidValidity();
    UidSet all = UidSet.ofRange(1, UidSet.MAX_UID);
    Folder sent = maildir.folder(TestMaildir.SENT);
    attempt(() -> Transfer.copy(inbox, validity, all, sent));
    attempt(() -> Transfer.move(inbox, validity, all, sent));
  }

  // ---- what stands in a place

  private static final List<String> PLACES =
      List.of(
          "tmp",
          "new",
          "cur",
          UidList.FILE,
          Keywords.DIRECTORY,
          Keywords.DIRECTORY + "/:list",
          Subscriptions.FILE,
          Maildirsize.FILE,
          AccessFiles.FILE,
          AccessFiles.HIERARCHY,
          UidValidities.FILE,
          "maildirfolder",
          "tmp/" + CourierLock.FILE,
          ".Sent",
          ".Sent/tmp",
          ".Sent/new",
          ".Sent/cur",
          ".Sent/" + UidList.FILE,
          ".Sent/" + Keywords.DIRECTORY,
          ".Sent/" + AccessFiles.FILE,
          ".Sent/maildirfolder");

  @ParameterizedTest
  @EnumSource
  void whateverStandsSomewhereHarmsNobodyElse(HostileThing thing) throws Exception {
    for (String place : PLACES) {
      // Half of the places as another user than the server's, half as its own, in turns.
      boolean anotherUser = ROOT && (PLACES.indexOf(place) + thing.ordinal()) % 2 == 0;
      TestMaildir account = attacker(anotherUser);
      Path path = account.root.resolve(place);
      removeAll(path);
      thing.put(path, victim.resolve(place));
      if (anotherUser) {
        give(path, ATTACKER);
      }
      if (place.endsWith(CourierLock.FILE) && thing != HostileThing.NOTHING) {
        // Somebody's lock is waited for; one that is old is not.
        new ProcessBuilder("touch", "-h", "-d", "1 hour ago", path.toString()).start().waitFor();
      }
      if (thing.ordinal() % 3 == 0) {
        account.restart(
            anotherUser ? new OwnedDisk(ATTACKER) : new Disk()); // seen for the first time
      }
      assertTimeoutPreemptively(
          Duration.ofSeconds(60),
          () -> everything(account.maildir()),
          () -> thing + " as " + place);
      assertUntouched(thing + " as " + place);
      removeAll(directory.resolve("attacker"));
    }
  }

  // ---- what lies among the messages

  @ParameterizedTest
  @ValueSource(strings = {"new", "cur"})
  void whatIsNoMessageIsPassedOver(String part) throws Exception {
    TestMaildir account = attacker(false);
    for (HostileThing thing : HostileThing.values()) {
      thing.put(account.root.resolve(part).resolve("5." + thing), victim.resolve("new/1.waiting"));
    }
    Folder inbox = account.inbox();
    FolderState state = inbox.open(false);
    int readable = 0;
    for (StoredMessage message : inbox.messages(state.uidValidity())) {
      Optional<OpenMessage> open = inbox.open(state.uidValidity(), message);
      open.ifPresent(HostileMaildirTest::close);
      readable += open.isPresent() ? 1 : 0;
    }
    // The message that was there, and the four that are files.
    assertThat(readable).isEqualTo(5);
    assertThat(inbox.changes(state.uidValidity(), state.modSeq(), false).arrived().isEmpty())
        .isTrue();
    assertThat(inbox.messages(state.uidValidity())).hasSize(5);
    everything(account.maildir());
    assertUntouched("what is no message");
  }

  @Test
  void namesThatNoProgramMakesAreMessagesAllTheSame() throws Exception {
    TestMaildir account = attacker(false);
    List<String> names =
        List.of(
            "a\nb",
            "1 2 3\n9 injected",
            "c\r\nd:2,S",
            "\u0001\u0007\u001b[2J",
            "\u00ff\u00fe\u0080",
            "é:2,",
            "x".repeat(255),
            "y".repeat(252) + ":2,",
            "z".repeat(250),
            "::::",
            "colon:2,FS:2,T",
            "-1",
            " ",
            ",S=99999999999999999999",
            "q,S=-5:2,",
            "w,S=5,S=",
            "flags:2,ABCDEFGHIJKLMNOPQRSTUVWXYZabc",
            "%s%n\\x00");
    for (String name : names) {
      Files.writeString(FileNames.in(account.root.resolve("new"), utf8(name)), "Subject: x\n\n");
      Files.writeString(
          FileNames.in(account.root.resolve("cur"), utf8(within("2" + name))), "Subject: x\n\n");
    }
    Folder inbox = account.inbox();
    FolderState state = inbox.open(false);
    assertThat(state.uids()).hasSize(1 + 2 * names.size());
    UidSet all = UidSet.ofRange(1, UidSet.MAX_UID);
    inbox.store(
        state.uidValidity(),
        all,
        flags -> flags.plus(Flags.ofKeywords(List.of("K"))).plus(SystemFlag.FLAGGED));
    // Those of 255 octets in cur have no room for a flag.
    int flagged = state.uids().length - 2;
    assertThat(new KeptNames(inbox).withKeyword("K")).hasSize(flagged);
    account.restart();
    FolderState again = account.inbox().open(false);
    assertThat(again.uidValidity()).isEqualTo(state.uidValidity());
    assertThat(again.uids()).isEqualTo(state.uids());
    assertThat(new KeptNames(account.inbox()).withKeyword("K")).hasSize(flagged);
    assertThat(account.inbox().expunge(again.uidValidity(), Optional.empty()).isEmpty()).isFalse();
  }

  private static String utf8(String name) {
    return name.startsWith("\u00ff") || name.startsWith("2\u00ff") ? name : FileNames.utf8(name);
  }

  private static String within(String name) {
    return name.length() > 255 ? name.substring(0, 255) : name;
  }

  /** Messages by what they have. */
  private record KeptNames(Folder folder) {
    List<StoredMessage> withKeyword(String keyword) throws IOException, MaildirException {
      return folder.messages(folder.open(true).uidValidity()).stream()
          .filter(message -> message.flags().hasKeyword(keyword))
          .toList();
    }
  }

  // ---- much of everything

  @Test
  void veryMuchOfEverythingTakesBoundedTimeAndMemory() throws Exception {
    int scale = Integer.getInteger("postrider.hostile.scale", 1);
    TestMaildir account = attacker(false);
    Path root = account.root;
    for (int i = 0; i < 12_000 * scale; i++) {
      Files.createFile(root.resolve("tmp").resolve("scratch" + i));
    }
    for (int i = 0; i < 2_000 * scale; i++) {
      Files.createFile(root.resolve("new").resolve("1." + i));
    }
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      words.append('k').append(i).append('\n');
    }
    Path keywords = root.resolve(Keywords.DIRECTORY);
    Files.writeString(keywords.resolve(":list"), words + "\n1.1:0 1 2\n");
    Files.writeString(keywords.resolve("1.2"), words.substring(0, 200_000));
    Files.writeString(root.resolve(Subscriptions.FILE), "a\n".repeat(2_000_000));
    Files.writeString(root.resolve(AccessFiles.FILE), "a b\n".repeat(50_000));
    account.restart();
    assertTimeoutPreemptively(
        Duration.ofSeconds(60L + scale),
        () -> {
          use(account.inbox());
          assertThat(account.inbox().counts().messages()).isGreaterThan(2_000L * scale);
          everything(account.maildir());
        });
    assertThat(Files.size(keywords.resolve(":list")))
        .as("not merged away")
        .isGreaterThan(6_000_000);
  }

  @Test
  void oldScratchFilesGoInBatches() throws Exception {
    TestMaildir account = attacker(false);
    Path tmp = account.root.resolve("tmp");
    Files.createDirectory(tmp.resolve("kept"));
    for (int i = 0; i < 30; i++) {
      Files.createFile(tmp.resolve("young" + i));
    }
    account.restart();
    account.inbox().open(false);
    assertThat(TestMaildir.names(tmp)).hasSize(31);
  }

  // ---- changes at the worst moment

  @ParameterizedTest
  @ValueSource(strings = {"tmp", "cur", "new", Keywords.DIRECTORY, ".Sent", ".Sent/cur"})
  void aDirectoryThatBecomesALinkAtAnyMomentLeadsNowhere(String place) throws Exception {
    TestMaildir account = attacker(true);
    Path path = account.root.resolve(place);
    Path aside = directory.resolve("aside");
    Path target = ROOT ? victim.resolve(place) : Path.of("/");
    AtomicBoolean over = new AtomicBoolean();
    Thread swapping =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    swap(path, aside, target);
                  }
                });
    try {
      long end = System.nanoTime() + 300_000_000L;
      while (System.nanoTime() < end) {
        everything(account.maildir());
        attempt(() -> account.maildir().create(TestMaildir.SENT));
        account.restart(ROOT ? new OwnedDisk(ATTACKER) : new Disk());
      }
    } finally {
      over.set(true);
      swapping.join();
    }
    if (ROOT) {
      assertUntouched(place);
    }
  }

  private void assertUntouched(String what) throws IOException {
    Map<String, String> now = snapshot(victim);
    Map<String, String> changed = new TreeMap<>(now);
    changed.entrySet().removeAll(untouched.entrySet());
    assertThat(changed).as("changed by %s", what).isEmpty();
    assertThat(now.keySet()).as("there after %s", what).isEqualTo(untouched.keySet());
  }

  private static void swap(Path path, Path aside, Path target) {
    try {
      Files.move(path, aside);
      Files.createSymbolicLink(path, target);
      Thread.onSpinWait();
      Files.delete(path);
    } catch (IOException e) {
      // the other side was quicker
    } finally {
      try {
        if (Files.exists(aside)) {
          Files.deleteIfExists(path);
          Files.move(aside, path);
        }
      } catch (IOException e) {
        removeQuietly(aside);
      }
    }
  }

  private static void removeQuietly(Path path) {
    try {
      removeAll(path);
    } catch (IOException e) {
      // tried again the next time
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anotherUsersFileThatIsLinkedIntoAMaildirIsNotRead() throws Exception {
    TestMaildir account = attacker(true);
    Path secret = Files.writeString(directory.resolve("secret"), "Subject: secret\n\n");
    Files.setPosixFilePermissions(
        secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    give(secret, VICTIM);
    FileTime before = Files.getLastModifiedTime(secret);
    for (String name :
        List.of("cur/1.linked:2,", UidList.FILE, Subscriptions.FILE, Maildirsize.FILE)) {
      Files.deleteIfExists(account.root.resolve(name));
      Files.createLink(account.root.resolve(name), secret);
    }
    everything(account.maildir());
    assertThat(secret).hasContent("Subject: secret\n\n");
    assertThat(Files.getLastModifiedTime(secret)).isEqualTo(before);
    if (ROOT) {
      assertThat(Files.getAttribute(secret, "unix:uid")).isEqualTo((int) VICTIM.uid());
      Files.delete(account.root.resolve(UidList.FILE)); // without which nobody could be served
      Folder inbox = account.inbox();
      long validity = inbox.open(true).uidValidity();
      List<StoredMessage> linked =
          inbox.messages(validity).stream().filter(m -> m.base().equals("1.linked")).toList();
      assertThat(linked).hasSize(1);
      assertThat(inbox.open(validity, linked.get(0))).isEmpty();
    }
  }
}
