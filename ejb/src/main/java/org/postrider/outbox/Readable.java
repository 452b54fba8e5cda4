package org.postrider.outbox;

/** What other programs say, made fit for one line of an answer. */
final class Readable {

  private static final int MAX_CHARACTERS = 300;

  private Readable() {}

  /** One line of visible ASCII, at most {@value #MAX_CHARACTERS} characters. */
  static String line(String said) {
    StringBuilder line = new StringBuilder();
    boolean blank = false;
    for (int i = 0; i < said.length(); i++) {
      char c = said.charAt(i);
      if (c <= ' ' || (c >= 0x7F && c < 0xA1)) {
        blank = true;
        continue;
      }
      if (line.length() >= MAX_CHARACTERS) {
        return line.append(" ...").toString();
      }
      if (blank && !line.isEmpty()) {
        line.append(' ');
      }
      blank = false;
      line.append(c < 0x7F ? c : '?');
    }
    return line.toString();
  }

  static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
