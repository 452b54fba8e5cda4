package org.postrider.transcript;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The base subject, taken word by word from RFC 5256 section 2.1, with no thought of time: what the
 * real one is compared with.
 *
 * @param reply true where something was removed that says so
 */
public record NaiveSubject(String text, boolean reply) {

  private static final String BLOB = "\\[[^\\[\\]]*\\][ \t]*";
  private static final Pattern LEADING_BLOB = Pattern.compile("^" + BLOB);
  private static final Pattern LEADER =
      Pattern.compile(
          "^((?:" + BLOB + ")*(?:re|fwd?)[ \t]*(?:" + BLOB + ")?:|[ \t])",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern TRAILER =
      Pattern.compile("(\\(fwd\\)|[ \t])$", Pattern.CASE_INSENSITIVE);

  /**
   * @param subject with its encoded words decoded
   */
  public static NaiveSubject of(String subject) {
    String text = subject.replaceAll("[ \t]+", " ");
    boolean reply = false;
    while (true) {
      Matcher trailer = TRAILER.matcher(text);
      while (trailer.find()) {
        reply |= trailer.group().length() > 1;
        text = text.substring(0, trailer.start());
        trailer = TRAILER.matcher(text);
      }
      boolean removed;
      do {
        removed = false;
        Matcher leader = LEADER.matcher(text);
        while (leader.find()) {
          reply |= leader.group().length() > 1;
          text = text.substring(leader.end());
          leader = LEADER.matcher(text);
          removed = true;
        }
        Matcher blob = LEADING_BLOB.matcher(text);
        if (blob.find() && blob.end() < text.length()) {
          text = text.substring(blob.end());
          removed = true;
        }
      } while (removed);
      if (!text.regionMatches(true, 0, "[fwd:", 0, 5) || !text.endsWith("]")) {
        return new NaiveSubject(text, reply);
      }
      text = text.substring(5, text.length() - 1);
      reply = true;
    }
  }
}
