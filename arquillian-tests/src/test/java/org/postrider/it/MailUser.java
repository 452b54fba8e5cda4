package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who works in a mailbox: does something at random, and notes in the ledger what the
 * server acknowledged. Used by one thread.
 */
final class MailUser {

  /** Mailboxes in which all work; nobody renames or removes them. */
  static final List<String> MAILBOXES = List.of("INBOX", "INBOX.a", "INBOX.b&AOk-");

  private static final Pattern APPENDED = Pattern.compile("\\[APPENDUID (\\d+) (\\d+)]");
  private static final Pattern COPIED = Pattern.compile("\\[COPYUID (\\d+) (\\d+) (\\d+)]");

  private final String name;
  private final ImapClient client;
  private final boolean postrider;
  private final MailLedger ledger;
  private final Random random;
  private final List<MailLedger.Place> own = new ArrayList<>();
  private int count;

  /** Own folders that are there. */
  final List<String> folders = new ArrayList<>();

  MailUser(String name, ImapClient client, boolean postrider, MailLedger ledger, long seed) {
    this.name = name;
    this.client = client;
    this.postrider = postrider;
    this.ledger = ledger;
    this.random = new Random(seed);
  }

  ImapClient client() {
    return client;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Works with messages. */
  void work() throws IOException {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> append(any(MAILBOXES));
      case 3, 4 -> flag();
      case 5 -> keyword();
      case 6 -> copy();
      case 7 -> remove();
      case 8 -> move();
      default -> client.ok("NOOP");
    }
  }

  static byte[] message(String id) {
    String text = "Subject: side by side\r\nMessage-ID: <" + id + ">\r\n\r\nA line.\r\n";
    return text.getBytes(ISO_8859_1);
  }

  private void append(String mailbox) throws IOException {
    String id = name + "." + ++count;
    byte[] message = message(id);
    String answer =
        postrider ? client.append(mailbox, message) : client.appendWhenAsked(mailbox, message);
    Matcher uid = APPENDED.matcher(answer);
    if (!answer.contains(" OK ") || !uid.find()) {
      throw new AssertionError(name + " appended to " + mailbox + " and read " + answer);
    }
    ledger.came(id);
    if (MAILBOXES.contains(mailbox)) {
      long number = Long.parseLong(uid.group(2));
      ledger.numbered(id, mailbox, Long.parseLong(uid.group(1)), number);
      own.add(new MailLedger.Place(id, mailbox, number));
    }
  }

  private void flag() throws IOException {
    client.ok("SELECT " + any(MAILBOXES));
    String flag = any(List.of("\\Flagged", "\\Seen", "\\Answered", "\\Draft"));
    String sign = any(List.of("+", "+", "-"));
    client.ok("UID STORE 1:* " + sign + "FLAGS (" + flag + ")");
  }

  private void keyword() throws IOException {
    if (!own.isEmpty()) {
      MailLedger.Place message = any(own);
      client.ok("SELECT " + message.mailbox());
      String word = any(List.of("$Label1", "Work", name, "Later"));
      String sign = any(List.of("+", "+", "-"));
      client.ok("UID STORE " + message.uid() + " " + sign + "FLAGS (" + word + ")");
    }
  }

  private void copy() throws IOException {
    if (!own.isEmpty()) {
      MailLedger.Place message = any(own);
      String target = any(MAILBOXES);
      client.ok("SELECT " + message.mailbox());
      Matcher copied = copied(client.ok("UID COPY " + message.uid() + " " + target));
      if (copied != null) {
        ledger.came(message.id());
        arrived(message, target, copied);
      }
    }
  }

  private static Matcher copied(List<String> lines) {
    for (String line : lines) {
      Matcher copied = COPIED.matcher(line);
      if (copied.find()) {
        return copied;
      }
    }
    return null;
  }

  private void arrived(MailLedger.Place message, String target, Matcher copied) {
    long uid = Long.parseLong(copied.group(3));
    ledger.numbered(message.id(), target, Long.parseLong(copied.group(1)), uid);
    own.add(new MailLedger.Place(message.id(), target, uid));
  }

  private void remove() throws IOException {
    if (own.size() > 3) {
      MailLedger.Place message = own.remove(random.nextInt(own.size()));
      ledger.goes(message.id());
      client.ok("SELECT " + message.mailbox());
      client.ok("UID STORE " + message.uid() + " +FLAGS.SILENT (\\Deleted)");
      client.ok(random.nextBoolean() ? "EXPUNGE" : "UID EXPUNGE " + message.uid());
    }
  }

  /** To another mailbox, by MOVE where there is such a command. */
  private void move() throws IOException {
    if (own.isEmpty() || !postrider) {
      copy();
      return;
    }
    int n = random.nextInt(own.size());
    MailLedger.Place message = own.get(n);
    String target = MAILBOXES.get((MAILBOXES.indexOf(message.mailbox()) + 1) % MAILBOXES.size());
    client.ok("SELECT " + message.mailbox());
    ledger.moves(message);
    Matcher moved = copied(client.ok("UID MOVE " + message.uid() + " " + target));
    if (moved != null) {
      own.remove(n);
      arrived(message, target, moved);
    }
  }

  /** Works with mailboxes. */
  void workWithMailboxes() throws IOException {
    String folder = folders.isEmpty() ? null : any(folders);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        String made = "INBOX." + name + (random.nextBoolean() ? "." : "") + ++count;
        client.ok("CREATE " + made);
        folders.add(made);
        append(made);
      }
      case 3 -> {
        if (folder != null) {
          String renamed = "INBOX." + name + "r" + ++count;
          client.ok("RENAME " + folder + " " + renamed);
          folders.remove(folder);
          folders.add(renamed);
        }
      }
      case 4 -> {
        if (folder != null) {
          client.ok("SELECT " + MAILBOXES.get(0));
          client.ok("SUBSCRIBE " + folder);
        }
      }
      case 5 -> {
        if (folder != null) {
          client.ok("UNSUBSCRIBE " + folder);
        }
      }
      default ->
          client.ok(
              "SETACL INBOX.a " + name + "@example.com " + any(List.of("lr", "lrs", "lrsw", "l")));
    }
  }
}
