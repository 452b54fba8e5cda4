package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Courier's server and this one in one Maildir, in turns and at the same time, with delivery agents
 * at work: at the end both tell the same, and nothing that anybody acknowledged is lost or there
 * twice. Longer with {@code -Dpostrider.it.side.seconds=600}, differently with {@code
 * -Dpostrider.it.side.seed=7}.
 */
@ExtendWith(SharedServer.class)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SideBySideIT {

  private static final int SECONDS = Integer.getInteger("postrider.it.side.seconds", 10);
  private static final long SEED = Long.getLong("postrider.it.side.seed", 4711);
  private static final Duration COURIER_MAX = Duration.ofSeconds(SECONDS * 2L + 300);

  private static final Pattern MESSAGE =
      Pattern.compile(
          "(?s)\\* \\d+ FETCH \\((?=.*UID (\\d+))(?=.*FLAGS \\(([^)]*)\\))(?=.*SIZE (\\d+))(?=.*:"
              + " <([^>]*)>).*");
  private static final Pattern NAME = Pattern.compile("\"\\.\" \"?([^\"]*)\"?$");

  private final PostriderServer server;
  private final MailLedger ledger = new MailLedger();
  private final List<ImapClient> clients = new ArrayList<>();
  private Path directory;
  private String account;
  private Program maildrop;
  private Program deliverquota;

  SideBySideIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeAnAccount() throws IOException {
    directory = PostriderServer.directory("side-by-side");
    maildrop = Program.find("maildrop", "maildrop", directory);
    deliverquota = Program.find("deliverquota.courier", "courier-base", directory);
    account = server.newAccount("100000000S,100000C", "");
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.a");
      client.ok("CREATE INBOX.b&AOk-");
    }
  }

  @AfterEach
  void endAll() throws IOException {
    for (ImapClient client : clients) {
      client.close();
    }
  }

  private ImapClient here() throws IOException {
    ImapClient client = server.signedIn(account);
    client.timeout(Duration.ofMinutes(2));
    clients.add(client);
    return client;
  }

  /**
   * @param keywords 1 or 2, Courier's two ways of writing them
   */
  private ImapClient courier(int keywords) throws IOException {
    // Not the one on the path: in /usr/sbin a script of the same name starts the daemons.
    ProcessBuilder builder =
        new ProcessBuilder("/usr/bin/imapd", server.maildir(account).toString())
            .directory(directory.toFile())
            .redirectError(directory.resolve("courier.log").toFile());
    builder.environment().put("IMAP_KEYWORDS", Integer.toString(keywords));
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process imapd = builder.start();
    CompletableFuture.delayedExecutor(COURIER_MAX.toSeconds(), TimeUnit.SECONDS)
        .execute(imapd::destroyForcibly);
    ImapClient client = ImapClient.over(imapd);
    clients.add(client);
    assertThat(client.greeting()).startsWith("* PREAUTH");
    return client;
  }

  private void deliver(Program agent, List<String> arguments, String id) throws Exception {
    byte[] message =
        new String(MailUser.message(id), ISO_8859_1).replace("\r", "").getBytes(ISO_8859_1);
    if (agent.run(arguments, message).exit() == 0) {
      ledger.came(id);
    }
  }

  private List<String> maildropRule() throws IOException {
    Path rule = directory.resolve("maildrop.rule");
    Files.writeString(rule, "to \"" + server.maildir(account) + "/\"\n");
    Files.setPosixFilePermissions(rule, PosixFilePermissions.fromString("rw-------"));
    return List.of(rule.toString());
  }

  private void deliver(int number) throws Exception {
    if (number % 2 == 0) {
      deliver(maildrop, maildropRule(), "maildrop." + number);
    } else {
      List<String> maildir = List.of(server.maildir(account).toString());
      deliver(deliverquota, maildir, "deliverquota." + number);
    }
  }

  @Test
  void inTurns() throws Exception {
    List<MailUser> users =
        List.of(
            new MailUser("p1", here(), true, ledger, SEED),
            new MailUser("c1", courier(1), false, ledger, SEED + 1),
            new MailUser("p2", here(), true, ledger, SEED + 2),
            new MailUser("c2", courier(2), false, ledger, SEED + 3));
    Random random = new Random(SEED);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 25; i++) {
        MailUser user = users.get(random.nextInt(users.size()));
        if (random.nextInt(8) == 0) {
          user.workWithMailboxes();
        } else if (random.nextInt(8) == 0) {
          deliver(round * 100 + i);
        } else {
          user.work();
        }
      }
      assertBothTellTheSame(users);
    }
  }

  @Test
  void atTheSameTime() throws Exception {
    List<MailUser> users = new ArrayList<>();
    List<Future<?>> work = new ArrayList<>();
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        boolean postrider = i % 2 == 0;
        ImapClient client = postrider ? here() : courier(i == 1 ? 1 : 2);
        MailUser user =
            new MailUser((postrider ? "p" : "c") + i, client, postrider, ledger, SEED + i);
        boolean mailboxes = i > 3;
        users.add(user);
        work.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    if (mailboxes) {
                      user.workWithMailboxes();
                    } else {
                      user.work();
                    }
                  }
                  return null;
                }));
      }
      for (int agent = 0; agent < 2; agent++) {
        int first = agent;
        work.add(
            threads.submit(
                () -> {
                  for (int n = first; System.nanoTime() < end; n += 2) {
                    deliver(n);
                  }
                  return null;
                }));
      }
      for (Future<?> one : work) {
        get(one);
      }
    }
    assertBothTellTheSame(users);
    assertThat(ledger.acknowledged()).isGreaterThan(20);
  }

  private static void get(Future<?> work) throws InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  // ---- what both tell

  private void assertBothTellTheSame(List<MailUser> users) throws IOException {
    for (MailUser user : users) {
      user.client().ok("NOOP");
    }
    try (ImapClient here = here();
        ImapClient courier = courier(1)) {
      TreeSet<String> mailboxes = names(here.ok("LIST \"\" \"*\""));
      assertThat(names(courier.ok("LIST \"\" \"*\""))).isEqualTo(mailboxes);
      TreeSet<String> expected = new TreeSet<>(MailUser.MAILBOXES);
      users.forEach(user -> expected.addAll(user.folders));
      assertThat(mailboxes).containsAll(expected);
      Map<String, Integer> found = new TreeMap<>();
      Map<String, String> idsByPlace = new HashMap<>();
      for (String mailbox : expected) {
        Map<String, String> told = messages(here, mailbox);
        assertThat(messages(courier, mailbox)).as(mailbox).isEqualTo(told);
        told.forEach((uid, message) -> place(mailbox, uid, message, found, idsByPlace));
        assertThat(rights(courier.ok("GETACL " + mailbox)))
            .as("rights of %s", mailbox)
            .isEqualTo(rights(here.ok("GETACL " + mailbox)));
      }
      assertThat(ledger.compare(found, idsByPlace)).isEmpty();
      assertThat(names(courier.ok("LSUB \"\" \"*\""))).isEqualTo(names(here.ok("LSUB \"\" \"*\"")));
      assertThat(quota(courier)).isEqualTo(quota(here)).contains("100000");
      // What was known before is what is there.
      for (MailUser user : users) {
        assertThat(messages(user.client(), "INBOX")).isEqualTo(messages(here, "INBOX"));
      }
    }
  }

  private static void place(
      String mailbox,
      String uid,
      String message,
      Map<String, Integer> found,
      Map<String, String> idsByPlace) {
    if (uid.startsWith("UID ")) {
      String id = message.substring(message.lastIndexOf(' ') + 1);
      found.merge(id, 1, Integer::sum);
      idsByPlace.put(mailbox + uid.substring(3), id);
    }
  }

  /** UIDVALIDITY, and of each UID flags, size and Message-ID. */
  private static Map<String, String> messages(ImapClient client, String mailbox)
      throws IOException {
    List<String> lines = new ArrayList<>(client.ok("SELECT " + mailbox));
    lines.addAll(
        client.ok("UID FETCH 1:* (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"));
    Map<String, String> messages = new TreeMap<>();
    for (String line : lines) {
      Matcher validity = Pattern.compile("\\[UIDVALIDITY (\\d+)]").matcher(line);
      if (validity.find()) {
        messages.put("UIDVALIDITY", validity.group(1));
      }
      Matcher message = MESSAGE.matcher(line);
      if (message.matches()) {
        TreeSet<String> flags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        flags.addAll(List.of(message.group(2).split(" ")));
        flags.removeAll(List.of("\\Recent", ""));
        messages.put(
            "UID " + message.group(1), flags + " " + message.group(3) + " " + message.group(4));
      }
    }
    return messages;
  }

  private static TreeSet<String> names(Collection<String> lines) {
    TreeSet<String> names = new TreeSet<>();
    for (String line : lines) {
      Matcher name = NAME.matcher(line);
      if (line.startsWith("* L") && !line.contains("\\Noselect") && name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }

  /** Rights by identifier, without the letters that Courier shows as one, {@code d}. */
  private static Map<String, String> rights(Collection<String> lines) {
    Map<String, String> rights = new TreeMap<>();
    for (String line : lines) {
      if (line.startsWith("* ACL ")) {
        String[] words = line.replace("\"", "").split(" ");
        for (int i = 3; i + 1 < words.length; i += 2) {
          TreeSet<String> letters = new TreeSet<>(List.of(words[i + 1].split("")));
          letters.removeAll(List.of("e", "k", "t", "x"));
          rights.put(words[i], String.join("", letters));
        }
      }
    }
    return rights;
  }

  private static String quota(ImapClient client) throws IOException {
    return client.ok("GETQUOTA ROOT").stream()
        .filter(line -> line.startsWith("* QUOTA "))
        .findFirst()
        .orElse("");
  }
}
