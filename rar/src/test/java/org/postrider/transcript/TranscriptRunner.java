package org.postrider.transcript;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postrider.transcript.Transcript.Expect;
import org.postrider.transcript.Transcript.GivenMailbox;
import org.postrider.transcript.Transcript.Piece;
import org.postrider.transcript.Transcript.Send;
import org.postrider.transcript.Transcript.Start;
import org.postrider.transcript.Transcript.Step;

/** Plays one transcript on one stage; how it is read is told by {@link TranscriptParser}. */
final class TranscriptRunner {

  private final Transcript transcript;
  private final Stage stage;
  private final Map<Integer, TestClient> clients = new TreeMap<>();
  private final Map<String, String> bound = new HashMap<>();
  private final StringBuilder said = new StringBuilder();

  private TranscriptRunner(Transcript transcript, Stage stage) {
    this.transcript = transcript;
    this.stage = stage;
  }

  /**
   * Plays it from beginning to end.
   *
   * @throws AssertionError where the server says anything else; tells file, line, what was
   *     expected, what came, and all that was said before
   */
  static void play(Transcript transcript, Stage stage) throws Exception {
    new TranscriptRunner(transcript, stage).play();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void play() throws Exception {
    bound.put("user", stage.user());
    bound.put("password", stage.password());
    bound.put("user64", base64(stage.user()));
    bound.put("password64", base64(stage.password()));
    bound.put("plain", base64("\0" + stage.user() + "\0" + stage.password()));
    try {
      for (GivenMailbox mailbox : transcript.given()) {
        stage.give(mailbox);
      }
      for (int number : clientNumbers()) {
        clients.put(number, new TestClient(number, stage.connect()));
        prepare(clients.get(number));
      }
      playSteps(transcript.steps());
      for (TestClient client : clients.values()) {
        refuseLeftOvers(client);
      }
    } finally {
      for (TestClient client : clients.values()) {
        client.close();
      }
    }
  }

  private TreeSet<Integer> clientNumbers() {
    TreeSet<Integer> numbers = new TreeSet<>();
    transcript.steps().forEach(step -> numbers.add(step.client()));
    return numbers;
  }

  /** Brings a client to where the transcript begins. */
  private void prepare(TestClient client) throws IOException, InterruptedException {
    Start start = transcript.start();
    if (start == Start.GREETING) {
      return;
    }
    String greeting = client.next();
    if (greeting == null || !greeting.startsWith("* OK ")) {
      throw failure(transcript.steps().getFirst(), "* OK … (the greeting)", greeting);
    }
    if (start == Start.NOT_SIGNED_IN) {
      return;
    }
    prepare(client, "LOGIN \"" + stage.user() + "\" \"" + stage.password() + "\"");
    if (start != Start.SIGNED_IN) {
      String verb = start == Start.EXAMINED ? "EXAMINE" : "SELECT";
      prepare(client, verb + " \"" + transcript.given().getFirst().name() + "\"");
    }
  }

  private void prepare(TestClient client, String command) throws IOException, InterruptedException {
    String tag = client.nextTag();
    client.send(TranscriptParser.wire(tag + " " + command + "\r\n"));
    String response = client.next();
    while (response != null && response.startsWith("* ")) {
      response = client.next();
    }
    if (response == null || !response.startsWith(tag + " OK ")) {
      throw failure(transcript.steps().getFirst(), "OK to " + command, response);
    }
    client.answered();
  }

  private void playSteps(List<Step> steps) throws IOException, InterruptedException {
    int at = 0;
    while (at < steps.size()) {
      if (steps.get(at) instanceof Send send) {
        send(send);
        at++;
      } else {
        List<Expect> group = group(steps, at);
        expect(group);
        at += group.size();
      }
    }
  }

  /** Lines of one client up to one that ends the wait, or to the next that somebody else says. */
  private static List<Expect> group(List<Step> steps, int from) {
    List<Expect> group = new ArrayList<>();
    int client = steps.get(from).client();
    for (Step step : steps.subList(from, steps.size())) {
      if (!(step instanceof Expect expect) || step.client() != client) {
        break;
      }
      group.add(expect);
      if (expect.endsGroup()) {
        break;
      }
    }
    return group;
  }

  private void send(Send send) throws IOException, InterruptedException {
    TestClient client = clients.get(send.client());
    StringBuilder out = new StringBuilder(send.tagged() ? client.nextTag() + " " : "");
    for (Piece piece : send.pieces()) {
      out.append(LinePattern.fill(piece.text(), bound));
      if (piece.literal() == null) {
        out.append("\r\n");
        continue;
      }
      String literal = LinePattern.fill(piece.literal(), bound);
      out.append('{').append(TranscriptParser.wireLength(literal));
      out.append(piece.waits() ? "}\r\n" : "+}\r\n");
      if (piece.waits()) {
        say(client, out.toString());
        out.setLength(0);
        if (!invited(client, send)) {
          return;
        }
      }
      out.append(literal);
    }
    say(client, out.toString());
  }

  private void say(TestClient client, String text) throws IOException {
    byte[] octets = TranscriptParser.wire(text);
    note("C" + client.number() + ": ", new String(octets, StandardCharsets.ISO_8859_1));
    try {
      client.send(octets);
    } catch (IOException e) {
      note("   ", "(could not be sent: " + e.getMessage() + ")");
    }
  }

  /** True where the server says {@code +}; false where it refuses: that answer is then expected. */
  private boolean invited(TestClient client, Send send) throws InterruptedException {
    List<String> before = new ArrayList<>();
    String response = client.next();
    while (response != null && response.startsWith("* ")) {
      before.add(response);
      response = client.next();
    }
    if (response == null) {
      throw failure(send, "+ …, the invitation to send the literal", null);
    }
    boolean invited = response.startsWith("+");
    if (invited) {
      note("S" + client.number() + ": ", response);
    } else {
      before.add(response);
    }
    before.forEach(client::putBack);
    return invited;
  }

  private void expect(List<Expect> group) throws InterruptedException {
    TestClient client = clients.get(group.getFirst().client());
    Expect last = group.getLast().endsGroup() ? group.getLast() : null;
    List<Expect> open = new ArrayList<>(group);
    open.removeIf(expect -> expect.kind() != Expect.Kind.UNTAGGED);
    boolean anything = group.stream().anyMatch(expect -> expect.kind() == Expect.Kind.ANYTHING);
    while (last != null || !open.isEmpty()) {
      String got = client.next();
      if (got == null) {
        throw failure(open.isEmpty() ? last : open.getFirst(), null);
      }
      note("S" + client.number() + ": ", got);
      if (!got.startsWith("* ")) {
        if (last == null || (!open.isEmpty() && matchesEnd(client, last, got))) {
          throw failure(open.getFirst(), got);
        }
        if (!matchesEnd(client, last, got)) {
          throw failure(last, got);
        }
        if (last.kind() == Expect.Kind.TAGGED) {
          client.answered();
        }
        return;
      }
      if (last != null
          && last.kind() == Expect.Kind.RAW
          && open.isEmpty()
          && matchesEnd(client, last, got)) {
        return;
      }
      refuse(group, got);
      if (!found(open, got) && !anything && !isForPeople(got)) {
        throw failure(open.isEmpty() && last != null ? last : open.getFirst(), got);
      }
    }
  }

  private boolean matchesEnd(TestClient client, Expect last, String got) {
    return switch (last.kind()) {
      case TAGGED ->
          client.oldestTag() != null
              && LinePattern.matches(client.oldestTag() + " " + last.pattern(), got, bound);
      case CLOSED -> got.equals(TestClient.END);
      default -> LinePattern.matches(last.pattern(), got, bound);
    };
  }

  /** Strikes out the expected line that came. */
  private boolean found(List<Expect> open, String got) {
    int candidates = transcript.ordered() ? Math.min(1, open.size()) : open.size();
    for (int i = 0; i < candidates; i++) {
      if (LinePattern.matches(open.get(i).pattern(), got, bound)) {
        open.remove(i);
        return true;
      }
    }
    return false;
  }

  private void refuse(List<Expect> group, String got) {
    for (Expect expect : group) {
      if (expect.kind() == Expect.Kind.NEVER
          && LinePattern.matches(expect.pattern(), got, new HashMap<>(bound))) {
        throw failure(expect, "never: " + expect.pattern(), got);
      }
    }
  }

  private void refuseLeftOvers(TestClient client) {
    for (String got = client.nextIfThere(); got != null; got = client.nextIfThere()) {
      if (!isForPeople(got) && !got.equals(TestClient.END)) {
        throw failure(transcript.steps().getLast(), "(nothing after the last line)", got);
      }
    }
  }

  /** {@code * OK} without a code: no program can make anything of it. */
  private static boolean isForPeople(String got) {
    return got.startsWith("* OK ") && !got.startsWith("* OK [");
  }

  private void note(String who, String text) {
    said.append("  ").append(who);
    said.append(readable(text.strip()).replace("\n", "\n      ")).append('\n');
  }

  private static String readable(String octets) {
    String text = new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    String shown = text.length() > 2000 ? text.substring(0, 2000) + " (and so on)" : text;
    return shown.replace("\r\n", "\n").replace("\r", "\\r").replace("\0", "\\0");
  }

  private AssertionError failure(Expect expect, String got) {
    String what =
        expect.kind() == Expect.Kind.CLOSED ? "(the connection is closed)" : expect.pattern();
    return failure(expect, what, got);
  }

  private AssertionError failure(Step step, String expected, String got) {
    return new AssertionError(
        "%s.imap:%d\n expected: S%d: %s\n got:      %s\n said so far, %s:\n%s"
            .formatted(
                transcript.name(),
                step.line(),
                step.client(),
                LinePattern.fill(expected, bound),
                got == null ? "(nothing in time)" : readable(got),
                bound,
                said));
  }
}
