package org.postrider.tool.command;

import java.util.ArrayList;
import java.util.List;

/**
 * What there is to say of one tool, said once: {@link HelpText} makes {@code --help} of it, {@link
 * ManualPage} the page for {@code man}. Texts are plain, in whole sentences.
 *
 * @param name the command
 * @param section of the manual: 1 for what every user calls, 8 for the administrator
 * @param purpose half a sentence, in small letters, without a full stop
 * @param synopsis the ways to call it, each without the command itself
 * @param chapters in the order of the page
 * @param related other pages, as {@code name(8)}
 */
public record Manual(
    String name,
    int section,
    String purpose,
    List<String> synopsis,
    List<Chapter> chapters,
    List<String> related) {

  /** Part of a page under its heading, which is written in capitals. */
  public record Chapter(String heading, List<Block> blocks) {}

  /** A piece of text. */
  public sealed interface Block {}

  /** A paragraph of prose, of any length. */
  public record Prose(String text) implements Block {}

  /** A term and what it means. */
  public record Item(String term, String meaning) implements Block {}

  /** Lines that stay as they are: commands, or what is in a file. */
  public record Verbatim(List<String> lines) implements Block {}

  public Manual {
    synopsis = List.copyOf(synopsis);
    chapters = List.copyOf(chapters);
    related = List.copyOf(related);
  }

  public static Writing of(String name, int section, String purpose) {
    return new Writing(name, section, purpose);
  }

  /** A page that is being written. */
  public static final class Writing {

    private final String name;
    private final int section;
    private final String purpose;
    private final List<String> synopsis = new ArrayList<>();
    private final List<Chapter> chapters = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private String heading = "DESCRIPTION";

    private Writing(String name, int section, String purpose) {
      this.name = name;
      this.section = section;
      this.purpose = purpose;
    }

    public Writing use(String arguments) {
      synopsis.add(arguments);
      return this;
    }

    /** Begins the next chapter; text before the first is the description. */
    public Writing chapter(String next) {
      if (!blocks.isEmpty()) {
        chapters.add(new Chapter(heading, List.copyOf(blocks)));
        blocks.clear();
      }
      heading = next;
      return this;
    }

    public Writing text(String prose) {
      blocks.add(new Prose(prose));
      return this;
    }

    public Writing item(String term, String meaning) {
      blocks.add(new Item(term, meaning));
      return this;
    }

    public Writing lines(String... verbatim) {
      blocks.add(new Verbatim(List.of(verbatim)));
      return this;
    }

    /** Ends the page. */
    public Manual see(String... related) {
      chapter("");
      return new Manual(name, section, purpose, synopsis, chapters, List.of(related));
    }
  }
}
