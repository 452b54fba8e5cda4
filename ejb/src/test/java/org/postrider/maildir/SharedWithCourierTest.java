package org.postrider.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postrider.maildir.TestMaildir.append;
import static org.postrider.maildir.TestMaildir.names;
import static org.postrider.maildir.TestMaildir.text;
import static org.postrider.maildir.TestMaildir.uids;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * Courier's own {@code imapd} on the same subscriptions and the same sharable Maildir, which
 * Courier's {@code maildirmake} made. Run by root, Courier and the account are a user of their own,
 * and the Maildir is a third one's.
 */
class SharedWithCourierTest {

  private static final boolean ROOT = ServerUser.current().givesAway();

  /** Users that every system has: Courier serves nobody without a name. */
  private static final Owner READER =
      ROOT ? new Owner(1, 1) : ServerUser.current().owner(); // daemon

  private static final Owner PUBLISHER =
      ROOT ? new Owner(2, 2) : ServerUser.current().owner(); // bin

  private static final MailboxName GOLF = new MailboxName("shared.firm.golf");
  private static final MailboxName BOAT = new MailboxName("shared.firm.boat");
  private static final Pattern MESSAGE =
      Pattern.compile("\\* \\d+ FETCH \\((?=.*UID (\\d+))(?=.*FLAGS \\(([^)]*)\\)).*");

  @TempDir Path directory;

  private Path home;
  private Path pub;
  private Path root;
  private SharedFolders shared;

  @BeforeEach
  void make() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path above = directory.resolve("publisher");
    HomeDirectory.make(above, Optional.empty(), PUBLISHER);
    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    pub = above.resolve("pub");
    maildirmake(PUBLISHER, "-S", pub.toString());
    maildirmake(PUBLISHER, "-s", "write", "-f", "golf", pub.toString());
    maildirmake(PUBLISHER, "-s", "read", "-f", "boat", pub.toString());
    home = directory.resolve("reader");
    HomeDirectory.make(home, Optional.empty(), READER);
    root = home.resolve("Maildir");
    maildirmake(READER, root.toString());
    maildirmake(READER, "--add", "firm=" + pub, root.toString());
    restart();
  }

  private void restart() {
    Folders folders = new Folders(QuotaWarning.NONE);
    shared = new Maildir(folders, root, READER).shared(directory.resolve("none"));
  }

  private void maildirmake(Owner user, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/maildirmake.courier"));
    command.addAll(List.of(arguments));
    run(user, command, "", directory);
  }

  private String run(Owner user, List<String> command, String input, Path in) throws Exception {
    List<String> all = new ArrayList<>();
    if (ROOT) {
      all.addAll(
          List.of(
              "setpriv", "--reuid=" + user.uid(), "--regid=" + user.gid(), "--clear-groups", "--"));
    }
    all.addAll(command);
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .directory(in.toFile())
            .redirectError(directory.resolve("errors").toFile())
            .redirectOutput(output.toFile())
            .redirectInput(Files.writeString(directory.resolve("input"), input).toFile());
    builder.environment().putAll(Map.of("IMAP_ACL", "1", "IMAP_KEYWORDS", "1"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ended", command).isTrue();
    assertThat(process.exitValue()).as("%s", command).isZero();
    return Files.readString(output, ISO_8859_1);
  }

  /** One conversation of the reader with Courier; all lines. */
  private List<String> courier(String... commands) throws Exception {
    StringBuilder input = new StringBuilder();
    for (String command : commands) {
      input.append("k ").append(command).append("\r\n");
    }
    input.append("k LOGOUT\r\n");
    List<String> lines =
        run(READER, List.of("/usr/bin/imapd", root.toString()), input.toString(), home)
            .lines()
            .toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("k "))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("k OK"));
    return lines;
  }

  /** UIDVALIDITY, and flags by UID. */
  private Map<String, String> byCourier(MailboxName name) throws Exception {
    Map<String, String> facts = new TreeMap<>();
    for (String line : courier("SELECT " + name, "UID FETCH 1:* (UID FLAGS)")) {
      Matcher message = MESSAGE.matcher(line);
      if (message.matches()) {
        TreeSet<String> flags = new TreeSet<>(List.of(message.group(2).split(" ")));
        flags.removeAll(List.of("", "\\Recent"));
        facts.put(message.group(1), flags.toString());
      } else if (line.startsWith("* OK [UIDVALIDITY ")) {
        facts.put("validity", line.replaceAll(".*UIDVALIDITY |\\].*", ""));
      }
    }
    return facts;
  }

  private Map<String, String> here(MailboxName name) throws Exception {
    Map<String, String> facts = new TreeMap<>();
    Folder folder = shared.folder(name);
    FolderState state = folder.open(false);
    facts.put("validity", Long.toString(state.uidValidity()));
    for (StoredMessage message : folder.messages(state.uidValidity())) {
      TreeSet<String> flags = new TreeSet<>();
      flags.addAll(message.flags().keywords());
      for (SystemFlag flag : SystemFlag.values()) {
        if (flag != SystemFlag.RECENT && message.flags().has(flag)) {
          flags.add(
              "\\"
                  + flag.name().charAt(0)
                  + flag.name().substring(1).toLowerCase(java.util.Locale.ROOT));
        }
      }
      facts.put(Long.toString(message.uid()), flags.toString());
    }
    return facts;
  }

  private void assertBothTellTheSame(MailboxName name, int messages) throws Exception {
    Map<String, String> here = here(name);
    assertThat(here).hasSize(messages + 1);
    assertThat(byCourier(name)).isEqualTo(here);
    assertThat(here(name)).isEqualTo(here);
    restart();
    assertThat(here(name)).isEqualTo(here);
  }

  private void publish(String folder, String name) throws Exception {
    Path file = pub.resolve("." + folder).resolve("cur").resolve(name);
    Files.writeString(file, text(name));
    if (ROOT) {
      Files.setAttribute(file, "unix:uid", (int) PUBLISHER.uid());
    }
    settle();
  }

  /** Courier compares seconds, and looks again where both are of one: that is not tried here. */
  private static void settle() {
    long second = Instant.now().getEpochSecond();
    await().until(() -> Instant.now().getEpochSecond() > second);
  }

  private void store(Folder folder, UidSet uids, Flags more) throws Exception {
    folder.store(folder.open(false).uidValidity(), uids, flags -> flags.plus(more));
  }

  @Test
  void whatCourierSubscribedToIsReadHere() throws Exception {
    publish("golf", "1700000001.a:2,FS");
    publish("golf", "1700000002.b:2,");
    courier(
        "SUBSCRIBE shared.firm.boat",
        "SELECT shared.firm.golf",
        "STORE 1 +FLAGS (\\Flagged Work)",
        "STORE 2 +FLAGS (\\Seen)");
    assertThat(shared.subscriptions()).containsExactly(BOAT, GOLF);
    assertBothTellTheSame(GOLF, 2);
    publish("golf", "1700000003.c:2,");
    assertThat(byCourier(GOLF)).hasSize(4).isEqualTo(here(GOLF));
    Files.delete(pub.resolve(".golf/cur/1700000002.b:2,"));
    settle();
    assertThat(byCourier(GOLF)).hasSize(3).isEqualTo(here(GOLF));
  }

  @Test
  void whatIsDoneHereCourierReads() throws Exception {
    publish("golf", "1700000001.a:2,");
    publish("boat", "1700000002.b:2,S");
    store(shared.folder(GOLF), uids(1), Flags.ofKeywords(List.of("Work")));
    store(shared.folder(BOAT), uids(1), Flags.of(SystemFlag.SEEN));
    Flags flags = Flags.of(SystemFlag.FLAGGED).plus(Flags.ofKeywords(List.of("Later")));
    assertThat(append(shared.folder(GOLF), "appended", flags).uids()).containsExactly(2);
    assertBothTellTheSame(GOLF, 2);
    assertBothTellTheSame(BOAT, 1);
    assertThat(
            courier("LSUB \"\" \"shared.*\"").stream()
                .filter(line -> line.startsWith("* LSUB (\\HasNoChildren)"))
                .map(line -> line.replaceAll(".* \"|\"$", ""))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("shared.firm.golf", "shared.firm.boat");
    shared.unsubscribe(BOAT);
    assertThat(courier("LSUB \"\" \"*\"")).noneMatch(line -> line.contains("boat"));
    courier("UNSUBSCRIBE shared.firm.golf");
    assertThat(shared.subscriptions()).isEmpty();
  }

  @Test
  void bothListTheSame() throws Exception {
    assertThat(
            courier("LIST \"\" \"shared.*\"").stream()
                .filter(line -> line.startsWith("* LIST (\\HasNoChildren)"))
                .map(line -> line.replaceAll(".* \"|\"$", ""))
                .collect(Collectors.toSet()))
        .isEqualTo(shared.mailboxes().stream().map(MailboxName::value).collect(Collectors.toSet()));
  }

  @Test
  void alternatelyNothingIsLost() throws Exception {
    for (int round = 1; round <= 3; round++) {
      publish("golf", "170000000" + round + ".x:2,");
      courier(
          "SELECT shared.firm.golf",
          "STORE 1:* +FLAGS (Courier" + round + ")",
          "STORE 1 +FLAGS (\\Answered)");
      append(shared.folder(GOLF), "appended " + round, Flags.NONE);
      store(shared.folder(GOLF), uids(round), Flags.of(SystemFlag.FLAGGED));
      settle();
      assertBothTellTheSame(GOLF, 2 * round);
    }
  }

  @Test
  void bothRemoveOnlyWhatTheyMay() throws Exception {
    publish("golf", "1700000001.a:2,");
    append(shared.folder(GOLF), "one", Flags.NONE);
    append(shared.folder(GOLF), "two", Flags.NONE);
    settle();
    courier("SELECT shared.firm.golf", "STORE 1:2 +FLAGS (\\Deleted \\Seen)", "EXPUNGE");
    int theirs = ROOT ? 1 : 0;
    assertThat(names(pub.resolve(".golf/cur"))).hasSize(1 + theirs);
    assertThat(here(GOLF)).hasSize(2 + theirs).doesNotContainValue("[\\Deleted, \\Seen]");
    Folder folder = shared.folder(GOLF);
    store(folder, uids(1, 3), Flags.of(SystemFlag.DELETED));
    folder.expunge(folder.open(false).uidValidity(), Optional.empty());
    settle();
    assertThat(names(pub.resolve(".golf/cur"))).hasSize(theirs);
    assertBothTellTheSame(GOLF, theirs);
  }

  @Test
  void aChangedNameOfAMessageKeepsItsNumberHere() throws Exception {
    publish("golf", "1700000001.a:2,");
    store(shared.folder(GOLF), uids(1), Flags.of(SystemFlag.SEEN));
    assertBothTellTheSame(GOLF, 1);
    Files.move(
        pub.resolve(".golf/cur/1700000001.a:2,"), pub.resolve(".golf/cur/1700000001.a:2,RS"));
    settle();
    assertBothTellTheSame(GOLF, 1);
  }
}
