package org.postrider.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.postrider.protocol.Address;
import org.postrider.protocol.Envelope;

/**
 * Collects, while a header goes by, the values of the fields that structure and envelope are made
 * of. One serves a whole message, header after header; its bounds hold for the message in all.
 */
final class HeaderCapture {

  /** Octets of one field; what follows is left out. */
  static final int MAX_FIELD = 128 * 1024;

  /** Octets of a header that are looked at: fields behind are left out. */
  static final int MAX_HEADER = 1024 * 1024;

  /** Octets of fields of all headers of a message. */
  static final int MAX_TEXT = 4 * 1024 * 1024;

  /** Addresses in all envelopes of a message. */
  static final int MAX_ADDRESSES = 20_000;

  /** The fields that are of interest; those of the envelope only in the header of a message. */
  enum Field {
    CONTENT_TYPE("content-type", false, false),
    CONTENT_TRANSFER_ENCODING("content-transfer-encoding", false, false),
    CONTENT_ID("content-id", false, false),
    CONTENT_DESCRIPTION("content-description", false, false),
    CONTENT_DISPOSITION("content-disposition", false, false),
    CONTENT_LANGUAGE("content-language", false, false),
    CONTENT_LOCATION("content-location", false, false),
    CONTENT_MD5("content-md5", false, false),
    DATE("date", true, false),
    SUBJECT("subject", true, false),
    FROM("from", true, true),
    SENDER("sender", true, true),
    REPLY_TO("reply-to", true, true),
    TO("to", true, true),
    CC("cc", true, true),
    BCC("bcc", true, true),
    IN_REPLY_TO("in-reply-to", true, false),
    MESSAGE_ID("message-id", true, false);

    private final String name;
    private final boolean ofMessage;
    private final boolean addresses;

    Field(String name, boolean ofMessage, boolean addresses) {
      this.name = name;
      this.ofMessage = ofMessage;
      this.addresses = addresses;
    }
  }

  private static final Field[][] BY_LENGTH = byLength();

  private final String[] values = new String[Field.values().length];

  /** Values of address fields that came before: all fields of one name count. */
  private final StringBuilder[] earlier = new StringBuilder[values.length];

  private byte[] octets = new byte[1024];
  private int length;
  private boolean message;
  private Field field;
  private long headerStart;
  private int textLeft = MAX_TEXT;
  private int addressesLeft = MAX_ADDRESSES;

  private static Field[][] byLength() {
    Field[][] table = new Field[32][0];
    for (Field field : Field.values()) {
      int size = field.name.length();
      table[size] = Arrays.copyOf(table[size], table[size].length + 1);
      table[size][table[size].length - 1] = field;
    }
    return table;
  }

  /** A header begins. */
  void start(boolean ofMessage, long offset) {
    Arrays.fill(values, null);
    Arrays.fill(earlier, null);
    message = ofMessage;
    headerStart = offset;
    field = null;
    length = 0;
  }

  /** A field begins. True where its value is of interest. */
  boolean field(byte[] line, int from, int nameEnd, long offset) {
    finishField();
    field = offset - headerStart > MAX_HEADER ? null : named(line, from, nameEnd);
    return field != null;
  }

  private Field named(byte[] line, int from, int nameEnd) {
    int size = nameEnd - from;
    if (size >= BY_LENGTH.length) {
      return null;
    }
    for (Field candidate : BY_LENGTH[size]) {
      boolean wanted = message || !candidate.ofMessage;
      if (wanted && (candidate.addresses || values[candidate.ordinal()] == null)) {
        if (equalsIgnoringCase(candidate.name, line, from)) {
          return candidate;
        }
      }
    }
    return null;
  }

  /** True where the octets are the name (given in lower case) in any case. */
  static boolean equalsIgnoringCase(String name, byte[] octets, int from) {
    for (int i = 0; i < name.length(); i++) {
      int c = octets[from + i];
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      }
      if (c != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** True while what follows on this line, or on folded ones, is of interest. */
  boolean wantsMore() {
    return field != null;
  }

  /** Octets of the field's value, without line ends. */
  void append(byte[] source, int from, int to) {
    int count = Math.min(to - from, Math.min(MAX_FIELD - length, textLeft));
    if (count <= 0) {
      return;
    }
    if (length + count > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + count));
    }
    System.arraycopy(source, from, octets, length, count);
    length += count;
    textLeft -= count;
  }

  /** The field is complete; to be called at the end of a header as well. */
  void finishField() {
    if (field != null) {
      int index = field.ordinal();
      if (values[index] != null) {
        if (earlier[index] == null) {
          earlier[index] = new StringBuilder();
        }
        if (earlier[index].length() < MAX_FIELD) {
          earlier[index].append(values[index]).append(", ");
        }
      }
      values[index] = HeaderText.value(octets, 0, length);
      field = null;
    }
    length = 0;
  }

  /** The value of a field, unfolded; null where it is not there. */
  String value(Field name) {
    return values[name.ordinal()];
  }

  /**
   * @rfc 3501 7.4.2
   */
  Envelope envelope() {
    List<Address> from = addresses(Field.FROM);
    List<Address> sender = addresses(Field.SENDER);
    List<Address> replyTo = addresses(Field.REPLY_TO);
    return new Envelope(
        value(Field.DATE),
        value(Field.SUBJECT),
        from,
        sender.isEmpty() ? from : sender,
        replyTo.isEmpty() ? from : replyTo,
        addresses(Field.TO),
        addresses(Field.CC),
        addresses(Field.BCC),
        value(Field.IN_REPLY_TO),
        value(Field.MESSAGE_ID));
  }

  private List<Address> addresses(Field name) {
    String value = value(name);
    if (value == null || addressesLeft <= 0) {
      return List.of();
    }
    if (earlier[name.ordinal()] != null) {
      value = earlier[name.ordinal()].append(value).toString();
    }
    List<Address> list = AddressParser.parse(value, addressesLeft);
    addressesLeft -= list.size();
    return list;
  }

  /** The value of a field in lower case, without blanks; null where it is not there or empty. */
  String token(Field name) {
    String value = value(name);
    if (value == null) {
      return null;
    }
    int end = 0;
    while (end < value.length()
        && value.charAt(end) > ' '
        && value.charAt(end) != ';'
        && value.charAt(end) != '(') {
      end++;
    }
    return end == 0 ? null : value.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
