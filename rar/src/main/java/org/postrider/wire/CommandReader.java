package org.postrider.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.Tag;
import org.postrider.protocol.UidSet;

/**
 * Reads commands from octets: once, forward, by methods named after the rules of RFC 3501 section
 * 9, so that a command reads like the rule it implements. Every octet is charged to {@link Limits};
 * what is too much is refused before it is held, and a synchronizing literal before it is sent.
 *
 * <p>Belongs to the connection's thread. After a {@link SyntaxException} the rest of the command is
 * still to come: {@link #skipCommand} drops it, non-synchronizing literals included, so that its
 * octets are never taken for a command.
 *
 * @rfc 3501 9
 * @rfc 7888 4
 */
public final class CommandReader {

  /** Most flags in one list; more keywords than any client shows. */
  private static final int MAX_FLAGS = 256;

  /** No mailbox name has a control character. */
  private static final String MATCHES_NOTHING = "\0";

  private final CommandOctets octets;
  private boolean utf8;
  private boolean uids;
  private boolean parentheses;

  /** Tells the client to go on with its literal. */
  @FunctionalInterface
  public interface Continuation {
    void send() throws IOException;
  }

  /**
   * @param in octets of the client; its read may time out by a {@link DisconnectException}
   * @param continuation sends and flushes a {@code +}
   */
  public CommandReader(InputStream in, Continuation continuation) {
    octets = new CommandOctets(in, continuation);
  }

  /** Sets the limits for all that follows. */
  public void setLimits(Limits limits) {
    octets.setLimits(limits);
  }

  public Limits limits() {
    return octets.limits();
  }

  /** Parentheses are part of strings that are not quoted, for clients that do not quote them. */
  public void takeParentheses(boolean taken) {
    parentheses = taken;
  }

  /** Mailbox names come in UTF-8 from now on: RFC 6855 section 3. */
  public void enableUtf8() {
    utf8 = true;
  }

  public boolean utf8Enabled() {
    return utf8;
  }

  /** True where the next command's first line is here: its answer can wait for one write. */
  public boolean holdsLine() {
    return octets.holdsLine();
  }

  /** What has come after the last command and was not read; it is gone then. */
  public byte[] takeRest() {
    return octets.takeRest();
  }

  // --- Commands ---

  /**
   * Waits for a command.
   *
   * @return false where the client has closed its side
   */
  public boolean awaitCommand() throws IOException {
    uids = false;
    return octets.begin();
  }

  /** {@code tag = 1*<any ASTRING-CHAR except "+">} */
  public Tag tag() throws SyntaxException, IOException {
    StringBuilder tag = new StringBuilder(8);
    while (isAstringChar(peek()) && peek() != '+' && peek() < 0x80) {
      if (tag.length() == Tag.MAX_LENGTH) {
        throw expected("a shorter tag");
      }
      tag.append((char) next());
    }
    boolean ends = peek() == ' ' || peek() == '\r' || peek() == '\n';
    if (tag.isEmpty() || !ends) {
      throw expected("a tag");
    }
    return new Tag(tag.toString());
  }

  /** A word of letters, digits and {@code -.=}, in capitals; not empty. */
  public String keyword() throws SyntaxException, IOException {
    StringBuilder word = new StringBuilder(16);
    while (isKeywordChar(peek())) {
      if (word.length() == 64) {
        throw expected("a shorter word");
      }
      word.append((char) next());
    }
    if (word.isEmpty()) {
      throw expected("a word");
    }
    return word.toString().toUpperCase(Locale.ROOT);
  }

  private static boolean isKeywordChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-.=".indexOf(c) >= 0;
  }

  /** The prefix {@code UID} came: sets name UIDs until the command ends. */
  public void expectUids() {
    uids = true;
  }

  /** True after the prefix {@code UID}. */
  public boolean readsUids() {
    return uids;
  }

  /**
   * {@code CRLF}; a bare LF is taken as well. Ends the command, unless a message literal is still
   * to be taken: then the command itself asks again, after it.
   */
  public void endOfLine() throws SyntaxException, IOException {
    if (octets.awaitsLiteral()) {
      return;
    }
    lineEnd();
    octets.endLine();
  }

  private void lineEnd() throws SyntaxException, IOException {
    if (peek() == '\r') {
      next();
    }
    if (peek() != '\n') {
      throw expected("the end of the line");
    }
    next();
  }

  /**
   * A line without grammar, as AUTHENTICATE and IDLE read them.
   *
   * @return without its line end
   */
  public byte[] line() throws SyntaxException, IOException {
    octets.beginLine();
    return restOfLine();
  }

  /**
   * A line with the answer to a SASL challenge: as {@link #line}, but as long as tickets and tokens
   * are.
   *
   * @return without its line end; to be wiped
   */
  public byte[] saslLine() throws SyntaxException, IOException {
    octets.beginLine();
    octets.allow(octets.limits().saslOctets());
    return restOfLine();
  }

  /**
   * {@code initial-resp = (base64 / "=")}: RFC 4959; as long as tickets and tokens are.
   *
   * @return as it came, not empty; to be wiped
   */
  public byte[] saslResponse() throws SyntaxException, IOException {
    octets.allow(octets.limits().saslOctets());
    byte[] response = octets.takeWhile(CommandReader::isBase64);
    if (response.length == 0) {
      throw expected("base64");
    }
    return response;
  }

  private static boolean isBase64(int c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || "+/=".indexOf(c) >= 0);
  }

  private byte[] restOfLine() throws SyntaxException, IOException {
    byte[] line = octets.takeWhile(c -> c != '\n');
    next();
    octets.endLine();
    if (line.length == 0 || line[line.length - 1] != '\r') {
      return line;
    }
    byte[] result = Arrays.copyOf(line, line.length - 1);
    Arrays.fill(line, (byte) 0);
    return result;
  }

  /** Drops what is left of a command that was refused; nothing where it has ended. */
  public void skipCommand() throws IOException {
    octets.skipCommand();
  }

  // --- Grammar ---

  /** {@code SP} */
  public CommandReader sp() throws SyntaxException, IOException {
    return expect(' ');
  }

  /** The character, and nothing else. */
  public CommandReader expect(char wanted) throws SyntaxException, IOException {
    if (peek() != wanted) {
      throw expected(wanted == ' ' ? "a space" : "\"" + wanted + "\"");
    }
    next();
    return this;
  }

  /** Reads the character if it is the next one. */
  public boolean skip(char wanted) throws SyntaxException, IOException {
    if (peek() != wanted) {
      return false;
    }
    next();
    return true;
  }

  /** True where the character is the next one; nothing is read. */
  public boolean at(char wanted) throws IOException {
    return peek() == wanted;
  }

  /** True where nothing but the line end follows. */
  public boolean atEndOfLine() throws IOException {
    return peek() == '\r' || peek() == '\n';
  }

  /** True where a digit follows. */
  public boolean atDigit() throws IOException {
    int c = peek();
    return c >= '0' && c <= '9';
  }

  /** {@code number}: 0 to 4294967295. */
  public long number() throws SyntaxException, IOException {
    return number(UidSet.MAX_UID);
  }

  /** {@code nz-number}: 1 to 4294967295. */
  public long nzNumber() throws SyntaxException, IOException {
    long number = number();
    if (number == 0) {
      throw expected("a number above 0");
    }
    return number;
  }

  private long number(long max) throws SyntaxException, IOException {
    if (!atDigit()) {
      throw expected("a number");
    }
    long number = 0;
    while (atDigit()) {
      number = number * 10 + (next() - '0');
      if (number > max) {
        throw expected("a number up to " + max);
      }
    }
    return number;
  }

  /** {@code sequence-set}, of sequence numbers or, after the prefix {@code UID}, of UIDs. */
  public MessageSet messageSet() throws SyntaxException, IOException {
    return messageSet(uids);
  }

  /** {@code sequence-set} of the one kind or the other. */
  public MessageSet messageSet(boolean ofUids) throws SyntaxException, IOException {
    return MessageSetReader.read(this, ofUids);
  }

  /** {@code atom} */
  public String atom() throws SyntaxException, IOException {
    String atom = chars(false);
    if (atom.isEmpty()) {
      throw expected("an atom");
    }
    return atom;
  }

  /** {@code astring}, in UTF-8. */
  public String astring() throws SyntaxException, IOException {
    return utf8(astringOctets());
  }

  /** {@code astring}, as octets: for passwords, and for texts in another charset. */
  public byte[] astringOctets() throws SyntaxException, IOException {
    int c = peek();
    if (c == '"' || c == '{') {
      return stringOctets();
    }
    String atom = chars(true);
    if (atom.isEmpty()) {
      throw expected("a string");
    }
    return atom.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** {@code string}, in UTF-8. */
  public String string() throws SyntaxException, IOException {
    return utf8(stringOctets());
  }

  /** {@code nstring}, in UTF-8; null for NIL. */
  public String nstring() throws SyntaxException, IOException {
    int c = peek();
    if (c == '"' || c == '{') {
      return string();
    }
    if (!atom().equalsIgnoreCase("NIL")) {
      throw expected("a quoted string, a literal or NIL");
    }
    return null;
  }

  private byte[] stringOctets() throws SyntaxException, IOException {
    if (peek() == '{') {
      return literal();
    }
    expect('"');
    byte[] quoted = new byte[32];
    int length = 0;
    while (peek() != '"') {
      if (peek() == '\r' || peek() == '\n') {
        throw expected("a closing quote");
      }
      int c = next();
      if (c == '\\') {
        if (peek() != '"' && peek() != '\\') {
          throw expected("\\\" or \\\\");
        }
        c = next();
      }
      if (length == quoted.length) {
        quoted = Arrays.copyOf(quoted, length * 2);
      }
      quoted[length++] = (byte) c;
    }
    next();
    return Arrays.copyOf(quoted, length);
  }

  private byte[] literal() throws SyntaxException, IOException {
    int room = octets.limits().commandOctets() - octets.spent();
    IncomingLiteral literal = literalHeader(Math.min(octets.limits().literalOctets(), room));
    literal.accept();
    byte[] argument = new byte[(int) literal.size()];
    literal.transferTo(ByteBuffer.wrap(argument)::put);
    octets.charge(argument.length);
    for (byte octet : argument) {
      if (octet == 0) {
        throw new SyntaxException("A NUL octet has no place in a command.");
      }
    }
    return argument;
  }

  /**
   * The head of a message literal, {@code {123}}, {@code {123+}} or {@code ~{123}}; its octets are
   * still to come.
   *
   * @throws SyntaxException where it is larger than {@link Limits#messageOctets}, before the client
   *     sends it
   */
  public IncomingLiteral messageLiteral() throws SyntaxException, IOException {
    IncomingLiteral literal = literalHeader(octets.limits().messageOctets());
    octets.await(literal);
    return literal;
  }

  private IncomingLiteral literalHeader(long most) throws SyntaxException, IOException {
    expect('{');
    long size = number(Long.MAX_VALUE / 20);
    boolean synchronizing = !skip('+');
    expect('}');
    lineEnd();
    if (size > most) {
      octets.refuse(size, synchronizing);
      throw new LiteralTooBigException(size, Math.max(0, most));
    }
    return new IncomingLiteral(octets, size, synchronizing);
  }

  /** {@code mailbox} */
  public MailboxName mailbox() throws SyntaxException, MailboxNameException, IOException {
    return MailboxName.parse(decodedName(astringOctets()));
  }

  /**
   * {@code list-mailbox}: a name with wildcards, decoded. One that cuts an encoded character in two
   * matches nothing.
   */
  public String listMailbox() throws SyntaxException, IOException {
    byte[] pattern = listMailboxOctets();
    try {
      return decodedName(pattern);
    } catch (MailboxNameException e) {
      return MATCHES_NOTHING;
    }
  }

  private byte[] listMailboxOctets() throws SyntaxException, IOException {
    int c = peek();
    if (c == '"' || c == '{') {
      return stringOctets();
    }
    StringBuilder pattern = new StringBuilder();
    while (isAstringChar(peek()) || peek() == '*' || peek() == '%') {
      pattern.append((char) next());
    }
    if (pattern.isEmpty()) {
      throw expected("a mailbox pattern");
    }
    return pattern.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The reference of LIST: a name that may be empty or end in a separator. */
  public String reference() throws SyntaxException, MailboxNameException, IOException {
    return decodedName(astringOctets());
  }

  private String decodedName(byte[] octets) throws SyntaxException, MailboxNameException {
    String name = utf8(octets);
    return utf8 ? name : ModifiedUtf7.decode(name);
  }

  /** {@code flag-list}: {@code (\Seen $Label1)}. */
  public Flags flagList() throws SyntaxException, IOException {
    expect('(');
    if (skip(')')) {
      return Flags.NONE;
    }
    Flags flags = flags();
    expect(')');
    return flags;
  }

  /** Flags in parentheses or without, as STORE takes them. */
  public Flags flagsOfStore() throws SyntaxException, IOException {
    return peek() == '(' ? flagList() : flags();
  }

  private Flags flags() throws SyntaxException, IOException {
    Flags flags = Flags.NONE;
    int count = 0;
    do {
      if (++count > MAX_FLAGS) {
        throw expected("at most " + MAX_FLAGS + " flags");
      }
      flags = flags.plus(flag());
    } while (skip(' '));
    return flags;
  }

  /** {@code flag}; {@code \Recent} is not one that a client may name. */
  public Flags flag() throws SyntaxException, IOException {
    if (skip('\\')) {
      String name = "\\" + atom();
      for (SystemFlag flag : SystemFlag.values()) {
        if (flag != SystemFlag.RECENT && flag.wireName().equalsIgnoreCase(name)) {
          return Flags.of(flag);
        }
      }
      throw new SyntaxException(
          name
              + " is no flag that can be set; the system flags are \\Answered \\Flagged \\Deleted"
              + " \\Seen \\Draft.");
    }
    String keyword = atom();
    if (keyword.length() > 255) {
      throw expected("a keyword of at most 255 characters");
    }
    return Flags.ofKeywords(List.of(keyword));
  }

  /** {@code date}: {@code 1-Feb-2024}, quoted or not. */
  public LocalDate date() throws SyntaxException, IOException {
    return new DateReader(this).date();
  }

  /** {@code date-time}: {@code "01-Feb-2024 10:00:00 +0100"}. */
  public OffsetDateTime dateTime() throws SyntaxException, IOException {
    return new DateReader(this).dateTime();
  }

  /** Exactly so many octets of a word. */
  String letters(int count) throws SyntaxException, IOException {
    StringBuilder word = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      word.append((char) next());
    }
    return word.toString();
  }

  /** Exactly so many digits. */
  int digits(int count) throws SyntaxException, IOException {
    int number = 0;
    for (int i = 0; i < count; i++) {
      if (!atDigit()) {
        throw expected(count + " digits");
      }
      number = number * 10 + (next() - '0');
    }
    return number;
  }

  private String chars(boolean astring) throws SyntaxException, IOException {
    StringBuilder text = new StringBuilder();
    while (isAtomChar(peek())
        || (astring && (peek() == ']' || (parentheses && (peek() == '(' || peek() == ')'))))) {
      text.append((char) next());
    }
    return text.toString();
  }

  /**
   * Octets above 127 are let through here; what they must spell is checked where they are decoded.
   */
  private static boolean isAtomChar(int c) {
    return c > ' ' && c != 0x7F && "(){%*\"\\]".indexOf(c) < 0;
  }

  private static boolean isAstringChar(int c) {
    return isAtomChar(c) || c == ']';
  }

  private static String utf8(byte[] octets) throws SyntaxException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      throw new SyntaxException("A string is in UTF-8; this one is not.");
    }
  }

  /** The exception that names what the grammar wants at this place. */
  public SyntaxException expected(String what) {
    return new SyntaxException(
        "Expected " + what + " at octet " + (octets.spent() + 1) + " of the command.");
  }

  private int peek() throws IOException {
    return octets.peek();
  }

  private int next() throws SyntaxException, IOException {
    return octets.next();
  }
}
