package org.postrider.tool.command;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A {@link Manual} as {@code man} reads it: roff with the macros of man(7), in ASCII. A plain
 * hyphen of roff may be printed as another sign, so each is written as a minus.
 */
public final class ManualPage {

  private final StringBuilder out = new StringBuilder();

  private ManualPage() {}

  /** In roff; of this version of Postrider. */
  public static String of(Manual manual, String version) {
    ManualPage page = new ManualPage();
    page.out
        .append(".TH ")
        .append(manual.name().toUpperCase(Locale.ROOT))
        .append(' ')
        .append(manual.section())
        .append(" \"\" \"Postrider ")
        .append(escaped(version))
        .append("\" \"Postrider\"\n.ad l\n.nh\n");
    page.heading("NAME");
    page.line(escaped(manual.name()) + " \\- " + escaped(manual.purpose()));
    page.heading("SYNOPSIS");
    String between = "";
    for (String use : manual.synopsis()) {
      page.out.append(between);
      page.line("\\fB" + escaped(manual.name()) + "\\fR " + escaped(use));
      between = ".br\n";
    }
    for (Manual.Chapter chapter : manual.chapters()) {
      page.heading(chapter.heading());
      boolean first = true;
      for (Manual.Block block : chapter.blocks()) {
        page.block(block, first);
        first = false;
      }
    }
    if (!manual.related().isEmpty()) {
      page.heading("SEE ALSO");
      page.line(
          manual.related().stream()
              .map(it -> escaped(it).replaceFirst("(.*)(\\([0-9]\\))", "\\\\fB$1\\\\fR$2"))
              .collect(Collectors.joining(", ")));
    }
    return page.out.toString();
  }

  private void heading(String heading) {
    out.append(".SH ").append(heading).append('\n');
  }

  private void block(Manual.Block block, boolean first) {
    switch (block) {
      case Manual.Prose prose -> {
        if (!first) {
          out.append(".PP\n");
        }
        line(escaped(prose.text()));
      }
      case Manual.Item item -> {
        out.append(".TP\n");
        line("\\fB" + escaped(item.term()) + "\\fR");
        line(escaped(item.meaning()));
      }
      case Manual.Verbatim verbatim -> {
        out.append(".PP\n.RS 4\n.nf\n");
        for (String text : verbatim.lines()) {
          line(escaped(text));
        }
        out.append(".fi\n.RE\n");
      }
    }
  }

  /** A line of text that roff does not take for a request. */
  private void line(String text) {
    if (text.startsWith(".") || text.startsWith("'")) {
      out.append("\\&");
    }
    out.append(text).append('\n');
  }

  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      switch (character) {
        case '\\' -> safe.append("\\e");
        case '-' -> safe.append("\\-");
        case '\'' -> safe.append("\\(aq");
        case '`' -> safe.append("\\(ga");
        case '^' -> safe.append("\\(ha");
        case '~' -> safe.append("\\(ti");
        default -> {
          if (character < ' ' || character > '~') {
            throw new IllegalArgumentException("Manual pages are ASCII: " + text);
          }
          safe.append(character);
        }
      }
    }
    return safe.toString();
  }
}
