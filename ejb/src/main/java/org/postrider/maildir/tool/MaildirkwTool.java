package org.postrider.maildir.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.postrider.maildir.KeywordFiles;
import org.postrider.maildir.MaildirException;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;
import org.postrider.tool.maildir.Failures;

/** {@code maildirkw}: sets keywords of messages. */
final class MaildirkwTool implements Tool {

  private static final String USAGE = "Usage: maildirkw [ options ] maildir [+/-]flag [+/-]flag...";

  @Override
  public Manual manual() {
    return Manual.of("maildirkw", 1, "sets the keywords of a message")
        .use("[-l] [-a | -r] MAILDIR MESSAGE [KEYWORD...]")
        .use("-L MAILDIR")
        .use("--help")
        .text(
            "Gives the message whose file is called MESSAGE these keywords, and no others, as IMAP"
                + " clients see and set them. MAILDIR is a Maildir or a folder in one, such as"
                + " Maildir/.Sent. What follows the last colon of MESSAGE does not matter. The"
                + " message need not be there yet.")
        .text(
            "Run it as the user whom the mail belongs to, or as root: what is made then belongs to"
                + " the owner of MAILDIR.")
        .chapter("OPTIONS")
        .item("-a", "Adds the keywords to those that the message has.")
        .item("-r", "Takes the keywords from those that it has.")
        .item("-L", "Prints each message that has keywords, and these, with blanks between them.")
        .item("-l", "Holds the folder's lock meanwhile; -a and -r do in any case.")
        .item("-c", "Nothing: keywords are the same in capital and small letters.")
        .chapter("EXIT STATUS")
        .item("0", "Done.")
        .item("1", "It was not: the reason was printed.")
        .chapter("EXAMPLE")
        .lines("maildirkw -a /srv/mail/anna/Maildir 1795347618.M79P9.mail:2,S '$Label1'")
        .chapter("FILES")
        .item("courierimapkeywords", "In the Maildir or folder: who has which keywords.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "A word that cannot be a keyword is refused, and so is a MESSAGE with a / in it. -L"
                + " prints in the order of names, changes nothing on disk, and fails where there is"
                + " no Maildir.")
        .see("maildiracl(1)", "maildirmake(1)");
  }

  /** What the command line says. */
  private record Request(
      boolean list, boolean locked, KeywordFiles.Change change, List<String> operands) {}

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    Request request;
    try {
      request = request(arguments);
    } catch (ToolException wrong) {
      terminal.out().println(USAGE);
      throw wrong;
    }
    String maildir = request.operands.getFirst();
    try {
      KeywordFiles keywords = new KeywordFiles(Typed.directory(maildir));
      if (request.list) {
        list(keywords, terminal.out());
      } else {
        change(keywords, request);
      }
      return 0;
    } catch (IOException failed) {
      throw new ToolException(1, maildir + ": " + Failures.words(failed));
    } catch (MaildirException refused) {
      throw new ToolException(1, maildir + ": " + refused.getMessage());
    }
  }

  private static void list(KeywordFiles keywords, PrintStream out) throws IOException {
    for (Map.Entry<String, SortedSet<String>> entry : keywords.all().entrySet()) {
      out.println(Typed.text(entry.getKey()) + " " + String.join(" ", entry.getValue()));
    }
  }

  private static void change(KeywordFiles keywords, Request request)
      throws IOException, MaildirException, ToolException {
    String message = Typed.octets(request.operands.get(1));
    int colon = message.lastIndexOf(':');
    String base = colon < 0 ? message : message.substring(0, colon);
    if (base.isEmpty() || base.startsWith(".") || base.indexOf('/') >= 0) {
      throw new ToolException(
          1, request.operands.get(1) + ": a message's file name is needed, without a directory");
    }
    List<String> words = request.operands.subList(2, request.operands.size());
    for (String word : words) {
      if (!KeywordFiles.isKeyword(word)) {
        throw new ToolException(
            1,
            "'"
                + word
                + "' cannot be a keyword: these are ASCII without blanks and ( ) { % * \" \\ ]");
      }
    }
    keywords.change(base, request.change, words, request.locked);
  }

  private static Request request(List<String> arguments) throws ToolException {
    boolean list = false;
    boolean locked = false;
    KeywordFiles.Change change = KeywordFiles.Change.REPLACE;
    List<String> operands = new ArrayList<>();
    boolean options = true;
    for (String argument : arguments) {
      if (!options || !argument.startsWith("-") || argument.length() == 1) {
        operands.add(argument);
        options = false; // words may begin with a minus
        continue;
      }
      if (argument.equals("--")) {
        options = false;
        continue;
      }
      for (char option : argument.substring(1).toCharArray()) {
        switch (option) {
          case 'L' -> list = true;
          case 'l' -> locked = true;
          case 'a' -> change = KeywordFiles.Change.ADD;
          case 'r' -> change = KeywordFiles.Change.REMOVE;
          case 'c' -> {
            // said for Courier's SMAP, which has keywords of another kind
          }
          case 'h' -> throw new ToolException(1, "");
          default -> throw new ToolException(1, "maildirkw: invalid option -- '" + option + "'");
        }
      }
    }
    if (operands.isEmpty() || (!list && operands.size() < 2)) {
      throw new ToolException(1, "");
    }
    return new Request(list, locked, change, operands);
  }
}
