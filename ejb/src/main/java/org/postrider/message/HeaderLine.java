package org.postrider.message;

/** What a line in a header is, told by its first octets. */
enum HeaderLine {
  /** The end of the header. */
  BLANK,
  /** The first line of a field. */
  FIELD,
  /** Goes on with the line before. */
  FOLDED,
  /** The line that mbox files put before a message. */
  MBOX,
  /** Anything else. */
  JUNK;

  /** Longest field name that is one; what is longer is junk. */
  static final int MAX_NAME = 256;

  /** How many octets of a line have to be seen to tell. */
  static final int LOOK_AHEAD = MAX_NAME + 2;

  private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

  /** Tells what line begins at {@code from}; octets up to {@code to} (exclusive) are known. */
  static HeaderLine at(byte[] octets, int from, int to) {
    byte first = octets[from];
    if (first == '\n' || (first == '\r' && from + 1 < to && octets[from + 1] == '\n')) {
      return BLANK;
    }
    if (first == ' ' || first == '\t') {
      return FOLDED;
    }
    if (colon(octets, from, to) >= 0) {
      return FIELD;
    }
    int start = first == '>' ? from + 1 : from;
    if (to - start >= FROM.length && startsWithFrom(octets, start)) {
      return MBOX;
    }
    return JUNK;
  }

  /** Index of the colon that ends the field name; -1 where the line does not begin with one. */
  static int colon(byte[] octets, int from, int to) {
    int end = Math.min(to, from + MAX_NAME + 1);
    int at = from;
    while (at < end && octets[at] != ':' && (octets[at] > ' ' || octets[at] < 0)) {
      at++;
    }
    if (at == from) {
      return -1;
    }
    while (at < end && (octets[at] == ' ' || octets[at] == '\t')) {
      at++;
    }
    return at < end && octets[at] == ':' ? at : -1;
  }

  /** End of the field name (exclusive) before the colon: older mail may have blanks there. */
  static int nameEnd(byte[] octets, int from, int colon) {
    int end = colon;
    while (end > from && (octets[end - 1] == ' ' || octets[end - 1] == '\t')) {
      end--;
    }
    return end;
  }

  private static boolean startsWithFrom(byte[] octets, int start) {
    for (int i = 0; i < FROM.length; i++) {
      if (octets[start + i] != FROM[i]) {
        return false;
      }
    }
    return true;
  }
}
