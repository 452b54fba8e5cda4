package org.postrider.search;

/**
 * A subject without what replying, forwarding and mailing lists put around it. Linear in the length
 * of the subject, whatever it says: no stretch of it is looked at again for each that is taken off.
 *
 * @param text with one blank where there were several
 * @param reply true where something was taken off that says so: {@code Re:} and its kin, {@code
 *     (fwd)}, {@code [Fwd: ...]}
 * @rfc 5256 2.1
 */
record BaseSubject(String text, boolean reply) {

  /**
   * @param subject with its encoded words decoded
   */
  static BaseSubject of(String subject) {
    return new Peeling(singleBlanks(subject)).run();
  }

  private static String singleBlanks(String subject) {
    StringBuilder text = new StringBuilder(subject.length());
    boolean blank = false;
    for (int i = 0; i < subject.length(); i++) {
      char c = subject.charAt(i);
      boolean isBlank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
      if (!isBlank || !blank) {
        text.append(isBlank ? ' ' : c);
      }
      blank = isBlank;
    }
    return text.toString();
  }

  /** What is left of a subject while it is peeled: {@code from} to {@code to}, exclusive. */
  private static final class Peeling {
    private static final String FWD_TRAILER = "(fwd)";
    private static final String FWD_HEADER = "[fwd:";

    private final String text;
    private int from;
    private int to;
    private boolean reply;

    Peeling(String text) {
      this.text = text;
      this.to = text.length();
    }

    BaseSubject run() {
      do {
        trailers();
        leaders();
      } while (unwrap());
      return new BaseSubject(text.substring(from, to), reply);
    }

    /** Step 2. */
    private void trailers() {
      while (to > from) {
        if (text.charAt(to - 1) == ' ') {
          to--;
        } else if (to - from >= FWD_TRAILER.length() && has(FWD_TRAILER, to - 5)) {
          to -= FWD_TRAILER.length();
          reply = true;
        } else {
          return;
        }
      }
    }

    /**
     * Steps 3 to 5. Blobs belong to what follows them; where that is no {@code re:}, it will be
     * none either when the first of them is gone, so all are taken off at once, but for the last
     * one where nothing is behind it.
     */
    private void leaders() {
      while (from < to) {
        from = blanks(from);
        int last = from;
        int behind = from;
        for (int end = blobEnd(from); end > 0; end = blobEnd(behind)) {
          last = behind;
          behind = end;
        }
        int end = replyEnd(behind);
        if (end > 0) {
          from = end;
          reply = true;
        } else {
          from = behind == to ? last : behind;
          return;
        }
      }
    }

    /** Step 6. */
    private boolean unwrap() {
      boolean wrapped =
          to - from > FWD_HEADER.length() && has(FWD_HEADER, from) && text.charAt(to - 1) == ']';
      if (wrapped) {
        from += FWD_HEADER.length();
        to--;
        reply = true;
      }
      return wrapped;
    }

    private boolean has(String word, int at) {
      return at + word.length() <= to && text.regionMatches(true, at, word, 0, word.length());
    }

    private int blanks(int at) {
      int end = at;
      while (end < to && text.charAt(end) == ' ') {
        end++;
      }
      return end;
    }

    /** End of the {@code subj-blob} that begins here; 0 where none does. */
    private int blobEnd(int at) {
      if (at >= to || text.charAt(at) != '[') {
        return 0;
      }
      int end = at + 1;
      while (end < to && text.charAt(end) != '[' && text.charAt(end) != ']') {
        end++;
      }
      return end < to && text.charAt(end) == ']' ? blanks(end + 1) : 0;
    }

    /** End of the {@code subj-refwd} that begins here; 0 where none does. */
    private int replyEnd(int at) {
      int end;
      if (has("re", at)) {
        end = at + 2;
      } else if (has("fw", at)) {
        end = has("fwd", at) ? at + 3 : at + 2;
      } else {
        return 0;
      }
      end = blanks(end);
      int blob = blobEnd(end);
      end = blob > 0 ? blob : end;
      return end < to && text.charAt(end) == ':' ? end + 1 : 0;
    }
  }
}
