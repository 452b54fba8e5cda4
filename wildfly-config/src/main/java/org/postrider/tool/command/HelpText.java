package org.postrider.tool.command;

/** What {@code --help} prints: the {@link Manual} for a terminal of 80 columns. */
public final class HelpText {

  private static final int COLUMNS = 80;
  private static final int TERM_COLUMN = 2;
  private static final int MEANING_COLUMN = 6;

  private final StringBuilder out = new StringBuilder();

  private HelpText() {}

  /** For a terminal. */
  public static String of(Manual manual) {
    HelpText text = new HelpText();
    text.wrap(manual.name() + " " + manual.purpose() + ".", 0);
    text.out.append('\n');
    String lead = "Usage: ";
    for (String use : manual.synopsis()) {
      text.out.append(lead).append(manual.name()).append(' ').append(use).append('\n');
      lead = " ".repeat(lead.length());
    }
    for (Manual.Chapter chapter : manual.chapters()) {
      text.out.append('\n').append(chapter.heading()).append('\n');
      boolean first = true;
      for (Manual.Block block : chapter.blocks()) {
        if (!first && !(block instanceof Manual.Item)) {
          text.out.append('\n');
        }
        first = false;
        text.block(block);
      }
    }
    if (!manual.related().isEmpty()) {
      text.out.append("\nSEE ALSO\n");
      text.wrap(String.join(", ", manual.related()), TERM_COLUMN);
    }
    return text.out.toString();
  }

  private void block(Manual.Block block) {
    switch (block) {
      case Manual.Prose prose -> wrap(prose.text(), TERM_COLUMN);
      case Manual.Item item -> {
        wrap(item.term(), TERM_COLUMN);
        wrap(item.meaning(), MEANING_COLUMN);
      }
      case Manual.Verbatim verbatim -> {
        for (String line : verbatim.lines()) {
          out.append(" ".repeat(MEANING_COLUMN)).append(line).append('\n');
        }
      }
    }
  }

  /** Breaks at blanks; a word longer than a line stands on one of its own. */
  private void wrap(String text, int indent) {
    int column = 0;
    for (String word : text.split(" ")) {
      if (column > 0 && column + 1 + word.length() > COLUMNS) {
        out.append('\n');
        column = 0;
      }
      if (column == 0) {
        out.append(" ".repeat(indent));
        column = indent;
      } else {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    out.append('\n');
  }
}
