package org.postrider.maildir.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postrider.maildir.AccessFiles;
import org.postrider.maildir.AccessList;
import org.postrider.maildir.Folders;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.Owner;
import org.postrider.maildir.QuotaWarning;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;
import org.postrider.tool.maildir.Failures;

/** {@code maildiracl}: shows and changes who may do what with a mailbox. */
final class MaildiraclTool implements Tool {

  private static final String USAGE =
      "Usage: maildiracl [ options ] maildir [INBOX[.folder] [identifier rights]]";
  private static final String INVALID = "Invalid argument";

  @Override
  public Manual manual() {
    return Manual.of("maildiracl", 1, "shows and changes who may do what with a mailbox")
        .use("-list MAILDIR MAILBOX")
        .use("-set MAILDIR MAILBOX IDENTIFIER [+|-]RIGHTS")
        .use("-delete MAILDIR MAILBOX IDENTIFIER")
        .use("-compute MAILDIR MAILBOX IDENTIFIER...")
        .use("-reset MAILDIR")
        .use("--help")
        .text(
            "MAILBOX is INBOX, or INBOX.Sent for the folder Sent, in UTF-8. One without a list of"
                + " its own has that of what is above it.")
        .text(
            "Run it as the user whom the mail belongs to, or as root: what is made then belongs to"
                + " the owner of MAILDIR. The server sees a change at once.")
        .chapter("OPTIONS")
        .item("-list", "Prints the list: each identifier, a TAB, its rights.")
        .item(
            "-set",
            "Gives an identifier these rights, or with + or - adds them to or takes them from"
                + " those that it has.")
        .item("-delete", "Takes an identifier out of the list.")
        .item(
            "-compute",
            "Prints the rights of somebody to whom all the identifiers apply: for the owner anna,"
                + " owner user=anna.")
        .item(
            "-reset",
            "Removes lists of folders that are no more, and have been no more for an hour.")
        .chapter("IDENTIFIERS")
        .item("owner", "Whose Maildir it is; keeps the rights a and l in any case.")
        .item("user=NAME", "An account.")
        .item("group=NAME", "All accounts with this option group.")
        .item("administrators", "Those in the group of that name; they keep all rights.")
        .item("anyone", "Everybody; anonymous is the same.")
        .item("-IDENTIFIER", "Takes rights from whom it is.")
        .chapter("RIGHTS")
        .item("l", "See that the mailbox is there.")
        .item("r", "Open it.")
        .item("s", "Mark messages as seen or not.")
        .item("w", "Change other flags, and keywords.")
        .item("t", "Mark messages as deleted.")
        .item("e", "Remove such messages.")
        .item("i", "Add messages.")
        .item("c", "Make mailboxes below it.")
        .item("x", "Delete or rename it.")
        .item("a", "Change its list.")
        .chapter("EXIT STATUS")
        .item("0", "Done.")
        .item("1", "It was not: the reason was printed.")
        .chapter("EXAMPLE")
        .lines(
            "maildiracl -set /srv/mail/anna/Maildir INBOX.Projects user=john lrs",
            "maildiracl -set /srv/mail/anna/Maildir INBOX.Projects user=john +w",
            "maildiracl -list /srv/mail/anna/Maildir INBOX.Projects")
        .chapter("FILES")
        .item("courierimapacl", "In the Maildir or folder: its list.")
        .item("courierimaphieracl", "In the Maildir: lists of levels that are no folders.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "-list and -compute write no list for a folder that is not there. All commands but"
                + " -reset fail where there is no Maildir. A MAILBOX that the server could not show"
                + " is refused.")
        .see("maildirmake(1)", "maildirkw(1)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    String action = arguments.isEmpty() ? "" : arguments.getFirst();
    int fewest =
        switch (action) {
          case "-reset" -> 2;
          case "-list" -> 3;
          case "-delete", "-compute" -> 4;
          case "-set" -> 5;
          default -> Integer.MAX_VALUE;
        };
    if (arguments.size() < fewest) {
      terminal.out().println(USAGE);
      return 1;
    }
    String typed = arguments.get(1);
    try {
      if (action.equals("-reset")) {
        return reset(typed);
      }
      Path directory = Typed.directory(typed);
      AccessFiles access = open(directory);
      MailboxName mailbox = mailbox(typed, arguments.get(2));
      List<String> operands =
          arguments.subList(3, arguments.size()).stream().map(Typed::octets).toList();
      switch (action) {
        case "-list" -> list(access.of(mailbox), terminal.out());
        case "-compute" -> terminal.out().println(Typed.text(access.of(mailbox).letters(operands)));
        case "-delete" -> change(access, typed, mailbox, operands.get(0), Optional.empty());
        default -> change(access, typed, mailbox, operands.get(0), Optional.of(operands.get(1)));
      }
      return 0;
    } catch (MaildirException refused) {
      throw new ToolException(1, refused.getMessage());
    } catch (IOException failed) {
      throw new ToolException(1, typed + ": " + Failures.words(failed));
    }
  }

  private static AccessFiles open(Path directory) throws IOException {
    return new Maildir(new Folders(QuotaWarning.NONE), directory, Owner.of(directory)).access();
  }

  private static int reset(String typed) throws IOException {
    try {
      open(Typed.directory(typed)).clear();
    } catch (NoSuchFileException none) {
      return 0; // as with Courier, so that one command can clean up after many
    }
    return 0;
  }

  private static MailboxName mailbox(String maildir, String typed) throws ToolException {
    if (!typed.equals("INBOX") && !typed.startsWith("INBOX.")) {
      throw new ToolException(1, (typed.isEmpty() ? "" : typed + ": ") + INVALID);
    }
    try {
      return typed.equals("INBOX.") ? MailboxName.INBOX : MailboxName.parse(typed);
    } catch (MailboxNameException none) {
      throw new ToolException(1, maildir + ": " + INVALID);
    }
  }

  private static void list(AccessList list, PrintStream out) {
    list.forEachLine(
        (identifier, letters) -> out.println(Typed.text(identifier) + "\t" + Typed.text(letters)));
  }

  /**
   * @param letters empty: the identifier goes
   */
  private static void change(
      AccessFiles access,
      String maildir,
      MailboxName mailbox,
      String identifier,
      Optional<String> letters)
      throws IOException, MaildirException {
    access.change(mailbox, true, before -> changed(before, maildir, identifier, letters));
  }

  private static AccessList changed(
      AccessList before, String maildir, String identifier, Optional<String> letters)
      throws MaildirException {
    AccessList after;
    try {
      after = before.withLine(identifier, letters.orElse(null));
    } catch (MaildirException unusable) {
      throw new MaildirException(MaildirException.Reason.CANNOT, "maildiracl: " + INVALID);
    }
    if (!after.keepsOwner()) {
      throw new MaildirException(
          MaildirException.Reason.CANNOT, "Trying to set invalid access rights for owner");
    }
    if (!after.keepsAdministrators()) {
      throw new MaildirException(MaildirException.Reason.CANNOT, maildir + ": " + INVALID);
    }
    return after;
  }
}
