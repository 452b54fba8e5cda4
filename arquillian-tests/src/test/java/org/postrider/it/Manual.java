package org.postrider.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The examples of the administrator's manual, so that tests run what people copy from there.
 *
 * @param text a section
 */
record Manual(String text) {

  private static final Pattern FENCED = Pattern.compile("(?s)\n *```[a-z]*\n(.*?)\n *```(?=\n)");

  /** A section, by its heading. */
  static Manual section(String heading) throws IOException {
    Path file = PostriderServer.property("postrider.it.manual");
    String all = "\n" + Files.readString(file);
    int begin = all.indexOf("\n## " + heading + "\n");
    if (begin < 0) {
      throw new AssertionError(file + " has no section called " + heading);
    }
    int end = all.indexOf("\n## ", begin + 1);
    return new Manual(all.substring(begin, end < 0 ? all.length() : end));
  }

  /** The one example with these words in it. */
  String example(String words) {
    List<String> found =
        FENCED
            .matcher(text)
            .results()
            .map(MatchResult::group)
            .filter(it -> it.contains(words))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " examples of the manual have in them: " + words);
    }
    return FENCED.matcher(found.getFirst() + "\n").replaceAll("$1").stripIndent();
  }
}
