package org.postrider.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Flags;
import org.postrider.protocol.Literal;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.QuotaUsage;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.Section;
import org.postrider.protocol.StatusItem;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * Writes responses as octets, gathered in one bounded buffer: many small answers are few system
 * calls, and a client that does not read holds the buffer and its parked thread, nothing more.
 * Literals go from file to socket.
 *
 * <p>Belongs to the thread that holds the conversation. Nothing reaches the client before {@link
 * #flush} or a full buffer.
 *
 * @rfc 3501 7 and 9
 */
public final class ResponseWriter {

  private static final int BUFFER_OCTETS = 32 * 1024;

  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private final WritableByteChannel out;

  /** Null while there is nothing to send, so that idle connections hold none. */
  private ByteBuffer buffer;

  private boolean utf8;
  private boolean backslashesLeftOut;

  /**
   * @param out of the client, blocking
   */
  public ResponseWriter(WritableByteChannel out) {
    this.out = out;
  }

  /** Names and texts go out in UTF-8 from now on: RFC 6855 section 3. */
  public void enableUtf8() {
    utf8 = true;
  }

  /** Parameters of a message's structure have no backslashes, for clients that can't read them. */
  public void leaveBackslashesOut(boolean leftOut) {
    backslashesLeftOut = leftOut;
  }

  /** Sends all that is written, and lets the buffer go. */
  public void flush() throws IOException {
    if (buffer != null) {
      drain();
      buffer = null;
    }
  }

  /** Writes one response. */
  public void write(Response response) throws IOException {
    switch (response) {
      case Response.Status status -> status(status);
      case Response.Continuation go -> ascii("+ ").text(go.text());
      case Response.Capability capability ->
          ascii("* CAPABILITY ").ascii(String.join(" ", capability.capabilities()));
      case Response.Enabled enabled -> words("* ENABLED", enabled.capabilities());
      case Response.Mailbox mailbox -> mailbox(mailbox);
      case Response.MailboxStatus status -> mailboxStatus(status);
      case Response.Quota quota -> quota(quota.root());
      case Response.QuotaRoots roots -> quotaRoots(roots);
      case Response.Namespace namespace -> namespace(namespace);
      case Response.Acl acl -> acl(acl);
      case Response.ListRights rights -> listRights(rights);
      case Response.MyRights rights ->
          ascii("* MYRIGHTS ")
              .mailboxName(rights.name().value())
              .octet(' ')
              .ascii(rights.rights().wireLetters());
      case Response.Id id -> id(id);
      case Response.Search search -> numbers("* SEARCH", search.numbers());
      case Response.Sort sort -> numbers("* SORT", sort.numbers());
      case Response.Thread thread -> new ThreadWriter(this).write(thread.threads());
      case Response.Esearch esearch -> esearch(esearch);
      case Response.MailboxFlags flags -> ascii("* FLAGS ").flags(flags.flags(), false);
      case Response.Exists exists -> ascii("* ").number(exists.messages()).ascii(" EXISTS");
      case Response.Recent recent -> ascii("* ").number(recent.messages()).ascii(" RECENT");
      case Response.Expunge expunge -> ascii("* ").number(expunge.number()).ascii(" EXPUNGE");
      case Response.Fetch fetch -> fetch(fetch);
    }
    crlf();
  }

  private void status(Response.Status status) throws IOException {
    if (status.tag().isPresent()) {
      ascii(status.tag().get().value());
    } else {
      octet('*');
    }
    octet(' ').ascii(status.condition().name()).octet(' ');
    if (status.code().isPresent()) {
      octet('[');
      code(status.code().get());
      ascii("] ");
    }
    text(status.text());
  }

  private void code(ResponseCode code) throws IOException {
    switch (code) {
      case ResponseCode.Word word -> ascii(word.wireName());
      case ResponseCode.Capability capability -> words("CAPABILITY", capability.capabilities());
      case ResponseCode.BadCharset bad -> {
        ascii("BADCHARSET (");
        for (int i = 0; i < bad.supported().size(); i++) {
          if (i > 0) {
            octet(' ');
          }
          string(bad.supported().get(i));
        }
        octet(')');
      }
      case ResponseCode.PermanentFlags permanent ->
          ascii("PERMANENTFLAGS ").flags(permanent.flags(), permanent.keywords());
      case ResponseCode.UidNext next -> ascii("UIDNEXT ").number(next.uid());
      case ResponseCode.UidValidity validity -> ascii("UIDVALIDITY ").number(validity.value());
      case ResponseCode.Unseen unseen -> ascii("UNSEEN ").number(unseen.number());
      case ResponseCode.AppendUid append ->
          ascii("APPENDUID ").number(append.uidValidity()).octet(' ').uidSet(append.uids());
      case ResponseCode.CopyUid copy ->
          ascii("COPYUID ")
              .number(copy.uidValidity())
              .octet(' ')
              .uidSet(copy.source())
              .octet(' ')
              .uidSet(copy.target());
    }
  }

  private void mailbox(Response.Mailbox mailbox) throws IOException {
    ascii(mailbox.lsub() ? "* LSUB (" : "* LIST (")
        .ascii(String.join(" ", mailbox.attributes()))
        .ascii(") \"")
        .octet(MailboxName.SEPARATOR)
        .ascii("\" ");
    mailboxName(mailbox.name());
  }

  private void mailboxStatus(Response.MailboxStatus status) throws IOException {
    ascii("* STATUS ").mailboxName(status.name().value());
    String before = " (";
    for (Map.Entry<StatusItem, Long> item : status.items().entrySet()) {
      ascii(before).ascii(item.getKey().wireName()).octet(' ').number(item.getValue());
      before = " ";
    }
    ascii(status.items().isEmpty() ? " ()" : ")");
  }

  private void quota(QuotaRoot root) throws IOException {
    ascii("* QUOTA ");
    string(root.name());
    ascii(" (");
    String before = "";
    for (QuotaUsage usage : root.usages()) {
      ascii(before).ascii(usage.resource().name());
      octet(' ').number(usage.usage()).octet(' ').number(usage.limit());
      before = " ";
    }
    octet(')');
  }

  private void quotaRoots(Response.QuotaRoots roots) throws IOException {
    ascii("* QUOTAROOT ").mailboxName(roots.name().value());
    for (String root : roots.roots()) {
      octet(' ');
      string(root);
    }
  }

  private void namespace(Response.Namespace namespace) throws IOException {
    ascii("* NAMESPACE ");
    prefixes(namespace.personal());
    octet(' ');
    prefixes(namespace.otherUsers());
    octet(' ');
    prefixes(namespace.shared());
  }

  private void prefixes(List<String> prefixes) throws IOException {
    if (prefixes.isEmpty()) {
      ascii("NIL");
      return;
    }
    octet('(');
    for (String prefix : prefixes) {
      octet('(');
      mailboxName(prefix);
      ascii(" \"").octet(MailboxName.SEPARATOR).ascii("\")");
    }
    octet(')');
  }

  private void acl(Response.Acl acl) throws IOException {
    ascii("* ACL ").mailboxName(acl.name().value());
    for (Response.Acl.Entry entry : acl.entries()) {
      octet(' ').identifier(entry.identifier().wireName());
      octet(' ').ascii(entry.rights().isEmpty() ? "\"\"" : entry.rights().wireLetters());
    }
  }

  /**
   * The rights of RFC 2086 stand for others, and are told once for all of these: RFC 4314 section
   * 2.1.1.
   */
  private void listRights(Response.ListRights rights) throws IOException {
    ascii("* LISTRIGHTS ").mailboxName(rights.name().value()).octet(' ');
    identifier(rights.identifier());
    String always = rights.always().wireLetters();
    octet(' ').ascii(always.isEmpty() ? "\"\"" : always);
    String optional = rights.optional().wireLetters();
    for (int i = 0; i < optional.length(); i++) {
      if (always.indexOf(optional.charAt(i)) < 0) {
        octet(' ').octet(optional.charAt(i));
      }
    }
  }

  /** {@code identifier}: UTF-8, as a literal where a quoted string could not hold it. */
  private ResponseWriter identifier(String identifier) throws IOException {
    byte[] octets = identifier.getBytes(StandardCharsets.UTF_8);
    return utf8 || identifier.length() == octets.length
        ? quoted(octets)
        : literal(new Literal.Octets(octets));
  }

  private void id(Response.Id id) throws IOException {
    ascii("* ID ");
    if (id.fields().isEmpty()) {
      ascii("NIL");
      return;
    }
    String before = "(";
    for (Map.Entry<String, String> field : id.fields().entrySet()) {
      ascii(before);
      string(field.getKey());
      octet(' ');
      nstring(field.getValue());
      before = " ";
    }
    octet(')');
  }

  private void numbers(String name, long[] numbers) throws IOException {
    ascii(name);
    for (long number : numbers) {
      octet(' ').number(number);
    }
  }

  private void esearch(Response.Esearch esearch) throws IOException {
    ascii("* ESEARCH (TAG ");
    string(esearch.tag().value());
    octet(')');
    if (esearch.uids()) {
      ascii(" UID");
    }
    if (esearch.min().isPresent()) {
      ascii(" MIN ").number(esearch.min().getAsLong());
    }
    if (esearch.max().isPresent()) {
      ascii(" MAX ").number(esearch.max().getAsLong());
    }
    if (esearch.count().isPresent()) {
      ascii(" COUNT ").number(esearch.count().getAsLong());
    }
    if (esearch.all().isPresent()) {
      ascii(" ALL ").inOrder(esearch.all().get());
    }
  }

  /**
   * {@code sequence-set} that keeps the order: a range is only where the numbers ascend one by one.
   *
   * @rfc 5267 3.2
   */
  private void inOrder(long[] numbers) throws IOException {
    int first = 0;
    while (first < numbers.length) {
      int last = first;
      while (last + 1 < numbers.length && numbers[last + 1] == numbers[last] + 1) {
        last++;
      }
      if (first > 0) {
        octet(',');
      }
      number(numbers[first]);
      if (last > first) {
        octet(':').number(numbers[last]);
      }
      first = last + 1;
    }
  }

  private void fetch(Response.Fetch fetch) throws IOException {
    ascii("* ").number(fetch.number()).ascii(" FETCH (");
    boolean first = true;
    for (FetchData data : fetch.data()) {
      if (!first) {
        octet(' ');
      }
      first = false;
      fetchData(data);
    }
    octet(')');
  }

  private void fetchData(FetchData data) throws IOException {
    switch (data) {
      case FetchData.UidData uid -> ascii("UID ").number(uid.uid());
      case FetchData.FlagsData flags -> ascii("FLAGS ").flags(flags.flags(), false);
      case FetchData.InternalDateData internal ->
          ascii("INTERNALDATE \"").dateTime(internal.date()).octet('"');
      case FetchData.SizeData size -> ascii("RFC822.SIZE ").number(size.octets());
      case FetchData.EnvelopeData envelope -> {
        ascii("ENVELOPE ");
        new StructureWriter(this, backslashesLeftOut).envelope(envelope.envelope());
      }
      case FetchData.StructureData structure -> {
        ascii(structure.extended() ? "BODYSTRUCTURE " : "BODY ");
        new StructureWriter(this, backslashesLeftOut)
            .structure(structure.structure(), structure.extended());
      }
      case FetchData.BodyData body -> {
        bodyName(body.item());
        octet(' ');
        literal(body.literal());
      }
    }
  }

  private void bodyName(FetchItem.Body item) throws IOException {
    switch (item.name()) {
      case RFC822 -> ascii("RFC822");
      case RFC822_HEADER -> ascii("RFC822.HEADER");
      case RFC822_TEXT -> ascii("RFC822.TEXT");
      case BODY -> {
        ascii("BODY[");
        section(item.section());
        octet(']');
        if (item.partial().isPresent()) {
          octet('<').number(item.partial().get().offset()).octet('>');
        }
      }
    }
  }

  private void section(Section section) throws IOException {
    String before = "";
    for (long number : section.part()) {
      ascii(before).number(number);
      before = ".";
    }
    if (section.text() == Section.Text.ALL) {
      return;
    }
    ascii(before).ascii(section.text().wireName());
    before = " (";
    for (String field : section.fields()) {
      ascii(before);
      if (isAtom(field)) {
        ascii(field);
      } else {
        string(field);
      }
      before = " ";
    }
    if (section.text().namesFields()) {
      octet(')');
    }
  }

  private static boolean isAtom(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> c > ' ' && c < 0x7F && "(){%*\"\\]".indexOf(c) < 0);
  }

  // --- Words ---

  private ResponseWriter words(String first, List<String> words) throws IOException {
    ascii(first);
    for (String word : words) {
      octet(' ').ascii(word);
    }
    return this;
  }

  private ResponseWriter flags(Flags flags, boolean andNewKeywords) throws IOException {
    octet('(');
    boolean first = true;
    for (SystemFlag flag : SystemFlag.values()) {
      if (flags.has(flag)) {
        if (!first) {
          octet(' ');
        }
        first = false;
        ascii(flag.wireName());
      }
    }
    for (String keyword : flags.keywords()) {
      if (!first) {
        octet(' ');
      }
      first = false;
      ascii(keyword);
    }
    if (andNewKeywords) {
      ascii(first ? "\\*" : " \\*");
    }
    return octet(')');
  }

  private ResponseWriter uidSet(UidSet uids) throws IOException {
    for (int i = 0; i < uids.ranges(); i++) {
      if (i > 0) {
        octet(',');
      }
      number(uids.first(i));
      if (uids.last(i) != uids.first(i)) {
        octet(':').number(uids.last(i));
      }
    }
    return this;
  }

  /** {@code date-time}, without its quotes. */
  private ResponseWriter dateTime(OffsetDateTime date) throws IOException {
    int zone = date.getOffset().getTotalSeconds() / 60;
    return digits(date.getDayOfMonth(), 2)
        .octet('-')
        .ascii(MONTHS[date.getMonthValue() - 1])
        .octet('-')
        .digits(Math.floorMod(date.getYear(), 10_000), 4)
        .octet(' ')
        .digits(date.getHour(), 2)
        .octet(':')
        .digits(date.getMinute(), 2)
        .octet(':')
        .digits(date.getSecond(), 2)
        .ascii(zone < 0 ? " -" : " +")
        .digits(Math.abs(zone) / 60 * 100 + Math.abs(zone) % 60, 4);
  }

  private ResponseWriter digits(int number, int width) throws IOException {
    for (int divisor = width == 4 ? 1000 : 10; divisor > 0; divisor /= 10) {
      octet('0' + number / divisor % 10);
    }
    return this;
  }

  private ResponseWriter mailboxName(String name) throws IOException {
    if (utf8) {
      return quoted(name.getBytes(StandardCharsets.UTF_8));
    }
    return quoted(ModifiedUtf7.encode(name).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Text for people up to the end of the line; what could end the line is left out. */
  private void text(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      octet(c < ' ' || c >= 0x7F ? '?' : c);
    }
  }

  /** {@code nstring}: null is NIL. */
  ResponseWriter nstring(String text) throws IOException {
    return text == null ? ascii("NIL") : string(text);
  }

  /** {@code string}: quoted where it can be, else a literal. */
  ResponseWriter string(String text) throws IOException {
    String value = !utf8 && EncodedWord.isNeeded(text) ? EncodedWord.encode(text) : text;
    byte[] octets = value.getBytes(StandardCharsets.UTF_8);
    for (byte octet : octets) {
      if (octet == '\r' || octet == '\n' || octet == 0) {
        return literal(new Literal.Octets(octets));
      }
    }
    return quoted(octets);
  }

  private ResponseWriter quoted(byte[] octets) throws IOException {
    octet('"');
    for (byte octet : octets) {
      if (octet == '"' || octet == '\\') {
        octet('\\');
      }
      octet(octet);
    }
    return octet('"');
  }

  ResponseWriter number(long number) throws IOException {
    if (number < 10 && number >= 0) {
      return octet('0' + (int) number);
    }
    return ascii(Long.toString(number));
  }

  ResponseWriter ascii(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      octet(text.charAt(i));
    }
    return this;
  }

  ResponseWriter octet(int octet) throws IOException {
    room().put((byte) octet);
    return this;
  }

  private void crlf() throws IOException {
    octet('\r').octet('\n');
  }

  // --- Literals ---

  private ResponseWriter literal(Literal literal) throws IOException {
    octet('{').number(literal.size()).octet('}');
    crlf();
    switch (literal) {
      case Literal.Octets octets -> octets(octets.octets());
      case Literal.FileRegion region -> LiteralTransfer.send(region, this::room);
      case Literal.CrlfRegion region -> LiteralTransfer.widen(region, this::room);
    }
    return this;
  }

  private void octets(byte[] octets) throws IOException {
    int from = 0;
    while (from < octets.length) {
      ByteBuffer room = room();
      int step = Math.min(room.remaining(), octets.length - from);
      room.put(octets, from, step);
      from += step;
    }
  }

  /** The buffer, with room for at least one octet. */
  private ByteBuffer room() throws IOException {
    if (buffer == null) {
      buffer = ByteBuffer.allocate(BUFFER_OCTETS);
    } else if (!buffer.hasRemaining()) {
      drain();
    }
    return buffer;
  }

  private void drain() throws IOException {
    if (buffer == null) {
      return;
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }
}
