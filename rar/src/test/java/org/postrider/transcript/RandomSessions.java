package org.postrider.transcript;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Several sessions do at random what sessions do in one mailbox, and everything each of them is
 * told is held against what it was told before: message numbers, counts, UIDs, when an EXPUNGE may
 * come. In the end all of them must know the same messages.
 */
public final class RandomSessions {

  private static final int SESSIONS = 3;

  private static final Pattern NUMBERED =
      Pattern.compile("\\* (\\d+) (EXISTS|RECENT|EXPUNGE|FETCH)(.*)");
  private static final Pattern UID = Pattern.compile("[( ]UID (\\d+)");
  private static final Pattern SEARCH = Pattern.compile("\\* SEARCH((?: \\d+)*)");

  private final Random random;
  private final List<Session> sessions = new ArrayList<>();
  private final StringBuilder said = new StringBuilder();

  private RandomSessions(long seed) {
    random = new Random(seed);
  }

  /** What one client knows. */
  private static final class Session {
    final TestClient client;

    /** UIDs by message number, from 0; 0 where the client was not told. */
    final List<Long> uids = new ArrayList<>();

    Session(TestClient client) {
      this.client = client;
    }
  }

  /**
   * Plays so many commands.
   *
   * @throws AssertionError where a session is told what can't be, with all that was said
   */
  public static void play(Stage stage, long seed, int commands) throws Exception {
    stage.give(
        new Transcript.GivenMailbox(
            "INBOX", List.of(GivenMessage.numbered(1), GivenMessage.numbered(2))));
    stage.give(new Transcript.GivenMailbox("INBOX.Other", List.of()));
    RandomSessions game = new RandomSessions(seed);
    try {
      for (int number = 1; number <= SESSIONS; number++) {
        Session session = new Session(new TestClient(number, stage.connect()));
        game.sessions.add(session);
        session.client.next();
        game.ask(session, "LOGIN \"" + stage.user() + "\" \"" + stage.password() + "\"");
        game.ask(session, "SELECT INBOX");
      }
      for (int i = 0; i < commands; i++) {
        Session session = game.sessions.get(game.random.nextInt(SESSIONS));
        game.ask(session, game.command(session));
      }
      game.compare();
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "\n seed " + seed + ", said so far:\n" + game.said, e);
    } finally {
      for (Session session : game.sessions) {
        session.client.close();
      }
    }
  }

  private String command(Session session) {
    int known = session.uids.size();
    String some = known == 0 ? "1" : set(known);
    String flag = List.of("\\Seen", "\\Deleted", "\\Flagged", "Word").get(random.nextInt(4));
    return switch (random.nextInt(known == 0 ? 4 : 16)) {
      case 0 -> "NOOP";
      case 1, 2 -> "APPEND INBOX (" + flag + ") {18+}\r\nSubject: x\r\n\r\ntext";
      case 3 -> "CHECK";
      case 4 -> "FETCH " + some + " (UID FLAGS)";
      case 5 -> "UID FETCH 1:* (FLAGS)";
      case 6, 7 -> "STORE " + some + " +FLAGS (" + flag + ")";
      case 8 -> "STORE " + some + " -FLAGS.SILENT (" + flag + ")";
      case 9 -> "UID STORE 1:* +FLAGS.SILENT (" + flag + ")";
      case 10 -> "EXPUNGE";
      case 11 -> "COPY " + some + " INBOX";
      case 12 -> "MOVE " + (random.nextInt(known) + 1) + " INBOX.Other";
      case 13 -> "SEARCH ALL";
      case 14 -> "UID SEARCH ALL";
      default -> "FETCH " + some + " (UID BODY[TEXT])";
    };
  }

  private String set(int known) {
    int first = random.nextInt(known) + 1;
    int last = Math.min(known, first + random.nextInt(3));
    return first + ":" + last;
  }

  private void ask(Session session, String command) throws IOException, InterruptedException {
    String tag = session.client.nextTag();
    said.append("  C").append(session.client.number()).append(": ").append(command).append('\n');
    session.client.send((tag + " " + command + "\r\n").getBytes(StandardCharsets.UTF_8));
    boolean numbersStay = command.matches("(?s)(FETCH|STORE|SEARCH) .*");
    while (true) {
      String line = session.client.next();
      said.append("  S").append(session.client.number()).append(": ").append(line).append('\n');
      if (line == null || line.equals(TestClient.END)) {
        throw new AssertionError("no answer to " + command);
      }
      if (!line.startsWith("* ")) {
        // A message may be gone that this session was not told of: NO is an answer then, BAD is
        // not.
        boolean answer = line.startsWith(tag + " OK ") || line.startsWith(tag + " NO ");
        if (!answer || line.contains("SERVERBUG")) {
          throw new AssertionError("not an answer to " + command + ": " + line);
        }
        session.client.answered();
        return;
      }
      note(session, line, numbersStay, command.startsWith("UID "));
    }
  }

  private void note(Session session, String line, boolean numbersStay, boolean uid) {
    Matcher numbered = NUMBERED.matcher(line.lines().findFirst().orElse(""));
    Matcher search = SEARCH.matcher(line);
    if (search.matches() && !uid) {
      for (String found : search.group(1).strip().split(" ")) {
        boolean known = found.isEmpty() || Integer.parseInt(found) <= session.uids.size();
        check(known, "SEARCH finds what is not there: ", line);
      }
    }
    if (!numbered.matches()) {
      return;
    }
    int number = Integer.parseInt(numbered.group(1));
    List<Long> uids = session.uids;
    switch (numbered.group(2)) {
      case "EXISTS" -> {
        check(number >= uids.size(), "EXISTS takes messages away without EXPUNGE: ", line);
        while (uids.size() < number) {
          uids.add(0L);
        }
      }
      case "EXPUNGE" -> {
        check(!numbersStay, "EXPUNGE while numbers must stay (RFC 3501 section 7.4.1): ", line);
        check(number >= 1 && number <= uids.size(), "EXPUNGE of what is not there: ", line);
        uids.remove(number - 1);
      }
      case "FETCH" -> {
        check(number >= 1 && number <= uids.size(), "FETCH of what is not there: ", line);
        Matcher told = UID.matcher(line);
        if (told.find()) {
          noteUid(uids, number, Long.parseLong(told.group(1)), line);
        }
      }
      default -> check(number <= uids.size(), "more recent messages than messages: ", line);
    }
  }

  private void noteUid(List<Long> uids, int number, long uid, String line) {
    long before = uids.get(number - 1);
    check(before == 0 || before == uid, "another UID than before: ", line);
    uids.set(number - 1, uid);
    for (int i = 0; i < uids.size(); i++) {
      long other = uids.get(i);
      boolean ascending = other == 0 || i == number - 1 || (i < number - 1) == (other < uid);
      check(ascending, "UIDs do not ascend: ", line);
    }
  }

  private static void check(boolean right, String what, String line) {
    if (!right) {
      throw new AssertionError(what + line);
    }
  }

  /** All sessions know the same, once they have heard everything. */
  private void compare() throws IOException, InterruptedException {
    for (Session session : sessions) {
      ask(session, "NOOP");
      ask(session, "UID FETCH 1:* (UID)");
    }
    List<Long> first = sessions.getFirst().uids;
    for (Session session : sessions) {
      if (session.uids.contains(0L) || !session.uids.equals(first)) {
        throw new AssertionError(
            "session "
                + session.client.number()
                + " knows "
                + session.uids
                + ", the first one "
                + first);
      }
    }
  }
}
