package org.postrider.transcript;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postrider.transcript.Transcript.Expect;
import org.postrider.transcript.Transcript.GivenAccount;
import org.postrider.transcript.Transcript.GivenMailbox;
import org.postrider.transcript.Transcript.Piece;
import org.postrider.transcript.Transcript.Send;
import org.postrider.transcript.Transcript.Start;
import org.postrider.transcript.Transcript.Step;

/**
 * Reads the language of {@code transcripts/*.imap}.
 *
 * <pre>{@code
 * # Why this is so, and which RFC says it. Blank lines and lines with # in front mean nothing.
 * given INBOX 3, INBOX.Archive 0; ordered
 * C1: MOVE 1 INBOX.Archive
 * S1: * OK [COPYUID $validity $uid $new] …
 * S1: * 1 EXPUNGE
 * S1: OK …
 * }</pre>
 *
 * <p><b>The head</b>, before the first {@code C1:} or {@code S1:}; statements are separated by a
 * semicolon or a line end:
 *
 * <table>
 * <caption>Statements</caption>
 * <tr><td>{@code given INBOX 3, INBOX.Archive 0}</td><td>mailboxes, named as on the wire, each with so
 *     many fixed messages ({@link GivenMessage#numbered}) or files of the class path
 *     ({@code messages/NAME}), in any mixture: {@code INBOX 2 nested.eml}; quotes take a name with spaces
 *     </td></tr>
 * <tr><td>{@code account quota 10000S,10C}, {@code account options group=administrators}</td><td>the
 *     account's record says so</td></tr>
 * <tr><td>{@code setting IMAP_KEYWORDS=0}</td><td>Courier's file {@code imapd} says so, or a property
 *     ({@code setting imap.workarounds=…}); needs {@code settings}</td></tr>
 * <tr><td>{@code not selected}</td><td>else every client has selected the first mailbox given, if there
 *     is one, before its first line; clients connect in the order of their numbers, so the first one has
 *     what is {@code \Recent}</td></tr>
 * <tr><td>{@code examined}</td><td>the same by EXAMINE</td></tr>
 * <tr><td>{@code not signed in}</td><td>else every client is</td></tr>
 * <tr><td>{@code with greeting}</td><td>not signed in, and the greeting is in the file</td></tr>
 * <tr><td>{@code ordered}</td><td>untagged lines come in the order of the file, else in any</td></tr>
 * <tr><td>{@code needs mime}</td><td>left out where the store can't read message structure</td></tr>
 * </table>
 *
 * <p><b>Lines of a client</b>: {@code C1: NOOP} is sent with a tag that the runner makes up, {@code
 * C1> DONE} as it stands. A line that ends in {@code {…}} goes on with a literal, its lines
 * indented by two spaces and a bar, each sent with CRLF ({@code / text} instead of {@code | text}:
 * without); an indented line with neither is the rest of the command, without the two spaces. The
 * size is counted; the client waits for {@code +}, unless it is {@code {…+}}. {@code «00»} is an
 * octet in hexadecimal, {@code «41*9000»} that octet 9,000 times.
 *
 * <p><b>Lines of the server</b>: {@code S1: OK …} is the answer to the oldest command not yet
 * answered, {@code S1: * …} an untagged line, {@code S1: + …} the invitation to go on; {@code S1>
 * a1 BAD …} is compared with its tag. {@code …} is anything. {@code $name} (small first letter)
 * binds at first sight and must be the same afterwards, also where a client sends it; {@code
 * $user}, {@code $password}, the same in BASE64 as {@code $user64} and {@code $password64}, and
 * {@code $plain} (both in BASE64, as AUTHENTICATE PLAIN wants it) are bound from the beginning.
 * Literals are written as a client's. Lists whose order means nothing may come in any: flags,
 * capabilities, LIST attributes (with {@code …} at their end: and others), and the items of FETCH
 * and STATUS.
 *
 * <p>Every untagged line must be in the file, but for an {@code * OK} without a code, which is for
 * people. {@code S1: …} lets others come up to the next line that ends the wait; {@code S1 never: *
 * … EXPUNGE} then forbids some of them again. {@code S1 closes} wants the connection closed.
 */
final class TranscriptParser {

  private static final Pattern STEP =
      Pattern.compile("([CS])([1-9])(:|>| never:| closes)(?: (.*))?");
  private static final Pattern MAILBOX = Pattern.compile("(?:\"([^\"]+)\"|(\\S+))((?: \\S+)*)");
  private static final Pattern LITERAL = Pattern.compile("(.*)\\{…(\\+?)}", Pattern.DOTALL);
  private static final Pattern OCTETS = Pattern.compile("«([0-9A-F]+)(?:\\*([0-9]+))?»");

  private final String name;
  private final URI source;
  private final String[] lines;
  private int at;

  private final List<GivenMailbox> given = new ArrayList<>();
  private final List<String> needs = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private String quota = "";
  private String options = "";
  private final List<String> settings = new ArrayList<>();
  private Start start;
  private boolean ordered;

  private TranscriptParser(String name, URI source, String text) {
    this.name = name;
    this.source = source;
    this.lines = text.split("\n", -1);
  }

  /**
   * Reads a whole file.
   *
   * @throws IllegalArgumentException with file and line, where it is not the language
   */
  static Transcript parse(String name, URI source, String text) {
    return new TranscriptParser(name, source, text).parse();
  }

  private Transcript parse() {
    while (at < lines.length) {
      String line = lines[at];
      Matcher step = STEP.matcher(line);
      if (line.isBlank() || line.startsWith("#")) {
        at++;
      } else if (step.matches()) {
        steps.add(step(step));
      } else if (steps.isEmpty()) {
        for (String statement : line.split(";")) {
          statement(statement.strip());
        }
        at++;
      } else {
        throw wrong("neither C1: nor S1: nor # nor a part of the line before");
      }
    }
    if (steps.isEmpty()) {
      throw wrong("nothing is said");
    }
    if (!settings.isEmpty()) {
      needs.add("settings");
    }
    if (start == null) {
      start = given.isEmpty() ? Start.SIGNED_IN : Start.SELECTED;
    }
    GivenAccount account = new GivenAccount(quota, options, settings);
    return new Transcript(name, source, given, account, start, ordered, needs, steps);
  }

  private void statement(String statement) {
    if (statement.startsWith("given ")) {
      for (String mailbox : statement.substring("given ".length()).split(",")) {
        given.add(mailbox(mailbox.strip()));
      }
    } else if (statement.startsWith("account quota ")) {
      quota = statement.substring("account quota ".length());
    } else if (statement.startsWith("account options ")) {
      options = statement.substring("account options ".length());
    } else if (statement.startsWith("setting ")) {
      settings.add(statement.substring("setting ".length()));
    } else if (statement.startsWith("needs ")) {
      needs.add(statement.substring("needs ".length()));
    } else {
      switch (statement) {
        case "ordered" -> ordered = true;
        case "not selected" -> start = Start.SIGNED_IN;
        case "examined" -> start = Start.EXAMINED;
        case "not signed in" -> start = Start.NOT_SIGNED_IN;
        case "with greeting" -> start = Start.GREETING;
        default -> throw wrong("no such statement: " + statement);
      }
    }
  }

  private GivenMailbox mailbox(String text) {
    Matcher matcher = MAILBOX.matcher(text);
    if (!matcher.matches()) {
      throw wrong("a mailbox is given as NAME 3, or NAME file.eml");
    }
    List<GivenMessage> messages = new ArrayList<>();
    for (String word : matcher.group(3).strip().split(" ")) {
      if (word.isEmpty()) {
        continue;
      }
      if (word.chars().allMatch(Character::isDigit)) {
        for (int n = 1; n <= Integer.parseInt(word); n++) {
          messages.add(GivenMessage.numbered(n));
        }
      } else {
        messages.add(GivenMessage.file(word));
      }
    }
    return new GivenMailbox(
        matcher.group(1) == null ? matcher.group(2) : matcher.group(1), messages);
  }

  private Step step(Matcher matcher) {
    int line = at + 1;
    int client = Integer.parseInt(matcher.group(2));
    boolean sent = matcher.group(1).equals("C");
    String mark = matcher.group(3);
    String text = matcher.group(4) == null ? "" : matcher.group(4);
    if (mark.equals(" closes")) {
      at++;
      return new Expect(client, line, Expect.Kind.CLOSED, "");
    }
    List<Piece> pieces = pieces(octets(text));
    if (sent) {
      return new Send(client, line, mark.equals(":"), pieces);
    }
    String pattern = pattern(pieces);
    Expect.Kind kind =
        switch (mark) {
          case ">" -> Expect.Kind.RAW;
          case " never:" -> Expect.Kind.NEVER;
          default -> kindOf(pattern);
        };
    return new Expect(client, line, kind, pattern);
  }

  private static Expect.Kind kindOf(String pattern) {
    if (pattern.equals("…")) {
      return Expect.Kind.ANYTHING;
    }
    if (pattern.startsWith("* ")) {
      return Expect.Kind.UNTAGGED;
    }
    return pattern.startsWith("+") ? Expect.Kind.CONTINUATION : Expect.Kind.TAGGED;
  }

  /**
   * The line that begins at {@code at} with the given text, and all indented lines that belong to
   * it.
   */
  private List<Piece> pieces(String first) {
    List<Piece> pieces = new ArrayList<>();
    String text = first;
    at++;
    while (true) {
      Matcher literal = LITERAL.matcher(text);
      if (!literal.matches()) {
        pieces.add(new Piece(text, null, false));
        return pieces;
      }
      int before = at;
      StringBuilder octets = new StringBuilder();
      while (at < lines.length && (lines[at].startsWith("  |") || lines[at].startsWith("  /"))) {
        String line = lines[at].substring(3);
        octets.append(octets(line.startsWith(" ") ? line.substring(1) : line));
        if (lines[at].charAt(2) == '|') {
          octets.append("\r\n");
        }
        at++;
      }
      if (at == before) {
        throw wrong("the literal {…} wants its lines below: two spaces, a bar, text");
      }
      pieces.add(new Piece(literal.group(1), octets.toString(), literal.group(2).isEmpty()));
      text =
          at < lines.length && lines[at].startsWith("  ") ? octets(lines[at++].substring(2)) : "";
    }
  }

  /** A server's line as one pattern: sizes counted, where the literal is fully known. */
  private static String pattern(List<Piece> pieces) {
    StringBuilder pattern = new StringBuilder();
    for (Piece piece : pieces) {
      pattern.append(piece.text());
      if (piece.literal() != null) {
        boolean known = !LinePattern.isOpen(piece.literal());
        String size = known ? Integer.toString(wireLength(piece.literal())) : "…";
        pattern.append('{').append(size).append("}\r\n").append(piece.literal());
      }
    }
    return pattern.toString();
  }

  /** Octets of a text on the wire. */
  static int wireLength(String text) {
    return wire(text).length;
  }

  /** A text of a transcript as octets: UTF-8, but for what was written in hexadecimal. */
  static byte[] wire(String text) {
    byte[] octets = new byte[text.length() * 3];
    int length = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (isOctet(c)) {
        octets[length++] = (byte) (c - FIRST_OCTET);
      } else {
        for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          octets[length++] = octet;
        }
      }
      i += Character.charCount(c);
    }
    return Arrays.copyOf(octets, length);
  }

  /**
   * Octets written in hexadecimal stay apart from characters: they become these, of private use.
   */
  private static final int FIRST_OCTET = 0xE000;

  private static boolean isOctet(int c) {
    return c >= FIRST_OCTET && c < FIRST_OCTET + 256;
  }

  private static String octets(String text) {
    return OCTETS
        .matcher(text)
        .replaceAll(
            match -> {
              StringBuilder octets = new StringBuilder();
              for (byte octet : HexFormat.of().parseHex(match.group(1))) {
                octets.append((char) (FIRST_OCTET + (octet & 0xFF)));
              }
              int times = match.group(2) == null ? 1 : Integer.parseInt(match.group(2));
              return octets.toString().repeat(times);
            });
  }

  private IllegalArgumentException wrong(String what) {
    String line = at < lines.length ? lines[at] : "(end of the file)";
    return new IllegalArgumentException(name + ".imap:" + (at + 1) + ": " + what + "\n  " + line);
  }
}
