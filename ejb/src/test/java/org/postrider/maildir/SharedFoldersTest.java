package org.postrider.maildir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.names;
import static org.postrider.maildir.TestMaildir.subjects;
import static org.postrider.maildir.TestMaildir.text;
import static org.postrider.maildir.TestMaildir.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.Rights;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * Folders that are shared by file permissions. Run by root, the Maildir, its subscribers and the
 * server are really different users; run by anybody else they are one, and what one user must not
 * do to another can't be tried.
 */
class SharedFoldersTest {

  private static final boolean ROOT = ServerUser.current().givesAway();
  private static final Owner ONE = user(4711);
  private static final Owner TWO = user(4712);
  private static final Owner THREE = user(4713);
  private static final MailboxName GOLF = new MailboxName("shared.firm.golf");
  private static final MailboxName BOAT = new MailboxName("shared.firm.boat");

  @TempDir Path directory;

  private Folders folders;
  private Path pub;
  private Path golf;
  private Path everybodys;
  private Subscriber one;
  private Subscriber two;

  private static Owner user(int id) {
    return ROOT ? new Owner(id, 4700) : ServerUser.current().owner();
  }

  /** Somebody who reads and writes shared folders. */
  private final class Subscriber {
    final Path root;
    final Maildir maildir;
    final SharedFolders shared;

    Subscriber(String name, Owner owner) throws IOException {
      Path home = directory.resolve(name);
      if (Files.notExists(home)) {
        HomeDirectory.make(home, Optional.empty(), owner);
      }
      root = home.resolve("Maildir");
      maildir = new Maildir(folders, root, owner);
      maildir.prepare();
      shared = maildir.shared(everybodys);
    }

    Folder folder(MailboxName name) throws IOException, MaildirException {
      return shared.folder(name);
    }

    Path subscription(String folder) {
      return root.resolve("shared-folders/firm").resolve(folder);
    }

    List<String> links(String folder) throws IOException {
      return names(subscription(folder).resolve("cur"));
    }

    FlagsStored flag(Folder folder, UidSet uids, SystemFlag flag)
        throws IOException, MaildirException {
      return folder.store(folder.open(false).uidValidity(), uids, flags -> flags.plus(flag));
    }
  }

  @BeforeEach
  void make() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    folders = new Folders(QuotaWarning.NONE);
    everybodys = directory.resolve("maildirshared");
    pub = directory(directory.resolve("pub"), "rwxr-xr-x", THREE);
    golf = folder("golf", "rwxrwxrwx", 01777);
    folder("boat", "rwxr-xr-x", 0755);
    folder("closed", "rwx------", 0700);
    Files.writeString(everybodys, "# of all\nfirm\t" + pub + "\n");
    one = new Subscriber("one", ONE);
    two = new Subscriber("two", TWO);
  }

  private Path folder(String name, String mode, int number) throws IOException {
    Path folder = directory(pub.resolve("." + name), mode.replace("rwxrwxrwx", "rwxr-xr-x"), THREE);
    for (String part : List.of("tmp", "new", "cur")) {
      Path made = directory(folder.resolve(part), mode, THREE);
      Files.setAttribute(made, "unix:mode", number);
    }
    return folder;
  }

  private static Path directory(Path path, String mode, Owner owner) throws IOException {
    Files.createDirectory(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return give(path, owner);
  }

  private static Path give(Path path, Owner owner) throws IOException {
    if (ROOT) {
      Files.setAttribute(path, "unix:gid", (int) owner.gid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", (int) owner.uid(), LinkOption.NOFOLLOW_LINKS);
    }
    return path;
  }

  private Path put(String folder, String name) throws IOException {
    Path file = pub.resolve("." + folder).resolve("cur").resolve(name);
    return give(Files.writeString(file, text(name.substring(0, name.indexOf(':')))), THREE);
  }

  @Test
  void whatCanBeEnteredIsListed() throws Exception {
    Files.createFile(pub.resolve(".file"));
    Files.createDirectory(pub.resolve(".nocur"));
    folder("é.t", "rwxr-xr-x", 0755);
    Files.writeString(
        one.root.resolve("shared-maildirs"),
        "own\t" + pub + "\n#no\t" + pub + "\nfirm\t/nowhere\na.b\t" + pub + "\nrel ative\nnone\n");
    assertThat(one.shared.mailboxes())
        .extracting(MailboxName::value)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("firm", "own")
                .flatMap(
                    maildir ->
                        Stream.of("golf", "boat", "é.t", "closed")
                            .filter(folder -> !ROOT || !folder.equals("closed"))
                            .map(folder -> "shared." + maildir + "." + folder))
                .toList());
    assertThat(one.shared.subscriptions()).isEmpty();
  }

  @Test
  void aFolderIsSubscribedToByUse() throws Exception {
    assertThat(subjects(one.folder(GOLF))).isEmpty();
    assertThat(one.shared.subscriptions()).containsExactly(GOLF);
    Path subscription = one.subscription("golf");
    assertThat(Files.readSymbolicLink(subscription.resolve("shared"))).isEqualTo(golf);
    assertThat(names(subscription))
        .containsExactly(
            "courierimapkeywords",
            "courierimapuiddb",
            "cur",
            "new",
            "shared",
            "shared-timestamp",
            "tmp");
    assertThat(Files.size(subscription.resolve("shared-timestamp"))).isEqualTo(1);
    try (Stream<Path> all = Files.walk(one.root.resolve("shared-folders"))) {
      assertThat(all)
          .allSatisfy(
              file ->
                  assertThat(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                      .isEqualTo((int) ONE.uid()));
    }
  }

  @Test
  void whoSubscribesNeedNotFindTheFolderThere() throws Exception {
    MailboxName later = new MailboxName("shared.firm.later");
    one.shared.subscribe(later);
    one.shared.subscribe(later);
    assertThat(one.shared.subscriptions()).containsExactly(later);
    assertThatThrownBy(() -> one.folder(later))
        .isInstanceOfSatisfying(
            MaildirException.class,
            e -> assertThat(e.reason()).isEqualTo(MaildirException.Reason.NONEXISTENT));
    folder("later", "rwxr-xr-x", 0755);
    assertThat(one.folder(later).open(false).uids()).isEmpty();
    for (String wrong : List.of("shared.firm", "shared", "shared.other.golf")) {
      assertThatThrownBy(() -> one.shared.subscribe(new MailboxName(wrong)))
          .isInstanceOf(MaildirException.class);
      assertThatThrownBy(() -> one.folder(new MailboxName(wrong)))
          .isInstanceOf(MaildirException.class);
    }
  }

  @Test
  void unsubscribingRemovesOnlyTheSubscription() throws Exception {
    put("golf", "1.a:2,");
    Folder folder = one.folder(GOLF);
    long validity = folder.open(false).uidValidity();
    one.shared.unsubscribe(GOLF);
    one.shared.unsubscribe(GOLF);
    assertThat(one.shared.subscriptions()).isEmpty();
    assertThat(names(one.root.resolve("tmp"))).isEmpty();
    assertThat(names(golf.resolve("cur"))).containsExactly("1.a:2,");
    assertThatThrownBy(() -> folder.changes(validity, 0, false))
        .isInstanceOf(MaildirException.class);
    assertThat(one.folder(GOLF).open(false).uidValidity()).isGreaterThan(validity);
  }

  @Test
  void eachSubscriberHasItsOwnFlagsAndNumbers() throws Exception {
    put("golf", "1.a:2,FS");
    assertThat(subjects(one.folder(GOLF))).containsExactly("1.a");
    put("golf", "2.b:2,");
    one.flag(one.folder(GOLF), uids(1, 2), SystemFlag.SEEN);
    two.flag(two.folder(GOLF), uids(2), SystemFlag.FLAGGED);
    assertThat(one.links("golf")).containsExactly("1.a:2,S", "2.b:2,S");
    assertThat(two.links("golf")).containsExactly("1.a:2,", "2.b:2,F");
    assertThat(names(golf.resolve("cur"))).containsExactly("1.a:2,FS", "2.b:2,");
    assertThat(Files.readSymbolicLink(one.subscription("golf").resolve("cur/1.a:2,S")))
        .isEqualTo(golf.resolve("cur/1.a:2,FS"));
  }

  @Test
  void aMessageThatWasRenamedOrRemovedThereIsFollowed() throws Exception {
    Path a = put("golf", "1.a:2,");
    Path b = put("golf", "2.b:2,");
    Folder folder = one.folder(GOLF);
    FolderState state = folder.open(false);
    List<StoredMessage> messages = folder.messages(state.uidValidity());
    one.flag(folder, uids(1), SystemFlag.FLAGGED);
    Files.move(a, a.resolveSibling("1.a:2,S"));
    try (OpenMessage open = folder.open(state.uidValidity(), messages.get(0)).orElseThrow()) {
      assertThat(open.size()).isEqualTo(text("1.a").length());
    }
    Files.delete(b);
    assertThat(folder.open(state.uidValidity(), messages.get(1))).isEmpty();
    assertThat(folder.open(false).uids()).containsExactly(1);
    assertThat(one.links("golf")).containsExactly("1.a:2,F");
    assertThat(Files.readSymbolicLink(one.subscription("golf").resolve("cur/1.a:2,F")))
        .isEqualTo(golf.resolve("cur/1.a:2,S"));
  }

  @Test
  void whatIsAppendedIsThereForAll() throws Exception {
    Flags flags = Flags.of(SystemFlag.SEEN).plus(Flags.ofKeywords(List.of("Work")));
    Published published = append(one.folder(GOLF), "new", flags);
    Folder folder = one.folder(GOLF);
    FolderState state = folder.open(false);
    assertThat(published.uidValidity()).isEqualTo(state.uidValidity());
    assertThat(published.uids()).containsExactly(1);
    assertThat(folder.messages(state.uidValidity()).get(0).flags()).isEqualTo(flags);
    assertThat(subjects(two.folder(GOLF))).containsExactly("new");
    assertThat(two.links("golf")).allMatch(name -> name.endsWith(":2,"));
    assertThat(names(golf.resolve("tmp"))).isEmpty();
    Path file = golf.resolve("cur").resolve(names(golf.resolve("cur")).get(0));
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo((int) ONE.uid());
  }

  @Test
  void copiesGoBothWays() throws Exception {
    Folder inbox = one.maildir.folder(MailboxName.INBOX);
    append(inbox, "mine", Flags.of(SystemFlag.FLAGGED));
    put("golf", "1.a:2,");
    Folder shared = one.folder(GOLF);
    long validity = shared.open(false).uidValidity();
    Transfer there =
        Transfer.move(inbox, inbox.open(false).uidValidity(), uids(1), shared).orElseThrow();
    Transfer back = Transfer.copy(shared, validity, uids(1, 2), inbox).orElseThrow();
    assertThat(there.uidValidity()).isEqualTo(validity);
    assertThat(there.target()).isEqualTo(uids(2));
    assertThat(back.target()).isEqualTo(uids(2, 3));
    assertThat(subjects(inbox)).containsExactly("1.a", "mine");
    assertThat(subjects(shared)).containsExactly("1.a", "mine");
    for (String name : names(one.root.resolve("cur"))) {
      assertThat(one.root.resolve("cur").resolve(name)).isRegularFile();
      assertThat(Files.isSymbolicLink(one.root.resolve("cur").resolve(name))).isFalse();
    }
  }

  @Test
  void whatIsOnesOwnCanBeRemovedFromAStickyFolder() throws Exception {
    append(one.folder(GOLF), "of one", Flags.NONE);
    append(two.folder(GOLF), "of two", Flags.NONE);
    put("golf", "1.a:2,");
    Folder folder = one.folder(GOLF);
    long validity = folder.open(false).uidValidity();
    long since = folder.open(false).modSeq();
    one.flag(folder, uids(1, 2, 3), SystemFlag.DELETED);
    UidSet gone = folder.expunge(validity, Optional.empty());
    if (!ROOT) {
      assertThat(gone).isEqualTo(uids(1, 2, 3));
      return;
    }
    assertThat(gone).isEqualTo(uids(1));
    assertThat(subjects(folder)).containsExactlyInAnyOrder("of two", "1.a");
    assertThat(folder.messages(validity))
        .allMatch(message -> !message.flags().has(SystemFlag.DELETED));
    assertThat(folder.changes(validity, since, false).vanished()).isEqualTo(uids(1));
    assertThat(one.links("golf")).allMatch(name -> name.endsWith(":2,"));
    assertThat(subjects(two.folder(GOLF))).containsExactlyInAnyOrder("of two", "1.a");
    Folder inbox = one.maildir.folder(MailboxName.INBOX);
    assertThatThrownBy(() -> Transfer.move(folder, validity, uids(2), inbox))
        .isInstanceOfSatisfying(
            MaildirException.class,
            e -> assertThat(e.reason()).isEqualTo(MaildirException.Reason.NOT_YOURS));
    assertThat(subjects(inbox)).isEmpty();
    assertThat(Transfer.copy(folder, validity, uids(2), inbox)).isPresent();
  }

  @Test
  void aFolderThatMayOnlyBeReadKeepsTheReadersFlags() throws Exception {
    put("boat", "1.a:2,");
    if (ROOT) {
      assertThat(one.shared.rights(BOAT)).isEqualTo(Rights.parse("lrswx"));
    }
    assertThat(one.shared.rights(GOLF)).isEqualTo(Rights.parse("lrswxite"));
    Folder folder = one.folder(BOAT);
    one.flag(folder, uids(1), SystemFlag.SEEN);
    assertThat(one.links("boat")).containsExactly("1.a:2,S");
    if (ROOT) {
      assertThatThrownBy(() -> append(folder, "no", Flags.NONE)).isInstanceOf(IOException.class);
      one.flag(folder, uids(1), SystemFlag.DELETED);
      assertThat(folder.expunge(folder.open(false).uidValidity(), Optional.empty()))
          .isEqualTo(UidSet.EMPTY);
      assertThat(names(pub.resolve(".boat/cur"))).containsExactly("1.a:2,");
    }
  }

  @Test
  void newMailIsTakenOverWhereItMayBe() throws Exception {
    Files.writeString(golf.resolve("new/1.theirs"), text("theirs"));
    Files.writeString(golf.resolve("new/2.mine"), text("mine"));
    give(golf.resolve("new/1.theirs"), THREE);
    give(golf.resolve("new/2.mine"), ONE);
    assertThat(subjects(one.folder(GOLF)))
        .containsExactlyElementsOf(ROOT ? List.of("mine") : List.of("theirs", "mine"));
    Files.move(
        golf.resolve(ROOT ? "new/1.theirs" : "cur/1.theirs:2,"), golf.resolve("cur/1.theirs:2,S"));
    assertThat(subjects(one.folder(GOLF))).containsExactlyInAnyOrder("mine", "theirs");
  }

  @Test
  void aFolderThatIsGoneForAWhileLosesNoFlags() throws Exception {
    put("golf", "1.a:2,");
    one.flag(one.folder(GOLF), uids(1), SystemFlag.SEEN);
    Path aside = golf.resolveSibling("aside");
    Folder folder = one.folder(GOLF);
    long validity = folder.open(false).uidValidity();
    Files.move(golf, aside);
    assertThatThrownBy(() -> folder.changes(validity, 0, false))
        .isInstanceOf(MaildirException.class);
    Files.move(aside, golf);
    assertThat(one.folder(GOLF).open(false).uids()).containsExactly(1);
    assertThat(one.links("golf")).containsExactly("1.a:2,S");
  }

  @Test
  void aLinkThatWasPlantedShowsNothing() throws Exception {
    Path secret = give(Files.writeString(directory.resolve("secret"), text("secret")), THREE);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path hidden = put("closed", "1.hidden:2,");
    put("golf", "1.a:2,");
    assertThat(subjects(one.folder(GOLF))).containsExactly("1.a");
    Path cur = one.subscription("golf").resolve("cur");
    give(Files.createSymbolicLink(cur.resolve("9.planted:2,"), secret), ONE);
    give(Files.createSymbolicLink(cur.resolve("1.hidden:2,"), hidden), ONE);
    Files.delete(cur.resolve("1.a:2,"));
    give(Files.createSymbolicLink(cur.resolve("1.a:2,S"), secret), ONE);
    folders = new Folders(QuotaWarning.NONE);
    one = new Subscriber("one", ONE);
    assertThat(subjects(one.folder(GOLF))).containsExactly("1.a");
    assertThat(names(cur)).containsExactly("1.a:2,S");
    assertThat(Files.readSymbolicLink(cur.resolve("1.a:2,S")))
        .isEqualTo(golf.resolve("cur/1.a:2,"));
  }

  @Test
  void linksInTheSharedFolderAreNoMessages() throws Exception {
    Path secret = give(Files.writeString(directory.resolve("secret"), text("secret")), ONE);
    give(Files.createSymbolicLink(golf.resolve("cur/1.link:2,"), secret), THREE);
    Folder folder = one.folder(GOLF);
    FolderState state = folder.open(false);
    for (StoredMessage message : folder.messages(state.uidValidity())) {
      assertThat(folder.open(state.uidValidity(), message)).isEmpty();
    }
    assertThat(folder.open(false).uids()).isEmpty();
  }

  @Test
  void whoeverPlantsASharedLinkGetsNowhereNew() throws Exception {
    assertThat(one.folder(GOLF)).isNotNull();
    put("closed", "1.hidden:2,");
    Path link = one.subscription("golf").resolve("shared");
    Files.delete(link);
    give(Files.createSymbolicLink(link, pub.resolve(".closed")), ONE);
    if (ROOT) {
      assertThatThrownBy(() -> one.folder(GOLF)).isInstanceOf(MaildirException.class);
    }
    Files.writeString(one.root.resolve("shared-maildirs"), "x\t" + two.root + "\n");
    two.maildir.create(TestMaildir.SENT);
    if (ROOT) {
      give(one.root.resolve("shared-maildirs"), ONE);
      assertThat(one.shared.mailboxes())
          .extracting(MailboxName::value)
          .noneMatch(name -> name.startsWith("shared.x."));
      assertThatThrownBy(() -> one.folder(new MailboxName("shared.x.Sent")))
          .isInstanceOf(MaildirException.class);
    }
  }

  @Test
  void namesThatWouldBreakTheSubscribersFilesArePassedOver() throws Exception {
    put("golf", "1.a:2,");
    Files.writeString(golf.resolve("cur/2.b\n7 1.a:2,"), "x");
    Files.writeString(golf.resolve("cur/" + "3".repeat(250)), "x");
    assertThat(subjects(one.folder(GOLF))).containsExactly("1.a");
    assertThat(Files.readString(one.subscription("golf").resolve(UidList.FILE), UTF_8))
        .endsWith(" 2\n1 1.a\n");
  }

  @Test
  void noSubscriptionLeadsOutOfItsDirectory() throws Exception {
    for (String name :
        List.of("shared.firm...", "shared...x", "shared.firm.a/b", "shared./.x", "shared.firm.")) {
      assertThat(SharedName.of(new MailboxName(name))).isEmpty();
    }
    Path elsewhere = directory(directory.resolve("elsewhere"), "rwx------", ONE);
    give(Files.createSymbolicLink(one.root.resolve("shared-folders"), elsewhere), ONE);
    try {
      one.folder(GOLF).open(false);
    } catch (IOException | MaildirException e) {
      assertThat(e).hasMessageNotContaining("secret");
    }
    assertThat(one.root.resolve("shared-folders")).isSymbolicLink();
  }
}
