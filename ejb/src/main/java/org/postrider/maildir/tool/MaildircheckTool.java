package org.postrider.maildir.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.AuthChain;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.maildir.MaildirCheck;
import org.postrider.maildir.Owner;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;
import org.postrider.tool.maildir.Failures;

/** {@code maildircheck}: inspects Maildirs, and repairs them. */
final class MaildircheckTool implements Tool {

  private static final int WRONG_USE = 16;
  private static final String USAGE =
      "Usage: maildircheck [--repair] [--json] [-v] MAILDIR... | --all";

  @Override
  public Manual manual() {
    return Manual.of("maildircheck", 8, "inspects Maildirs, and repairs them")
        .use("[--repair] [--json] [-v] MAILDIR...")
        .use("[--repair] [--json] [-v] --all")
        .use("--help")
        .text(
            "Reads all directories and the small files of each MAILDIR and its folders, and prints"
                + " a line for everything that is not as it has to be. It opens no message. The"
                + " server may run, and so may other mail programs.")
        .text("Run it as the user whom the mail belongs to, or as root.")
        .chapter("OPTIONS")
        .item(
            "--all",
            "The Maildirs of all accounts that authenumerate(8) lists. Their files have to belong"
                + " to the account's uid; else to the owner of MAILDIR.")
        .item("--repair", "Repairs what can be repaired; see below.")
        .item(
            "--json", "Prints a JSON object a line: path, kind, outcome, detail; a sum at the end.")
        .item("-v", "Prints notes, too: what is strange without being wrong.")
        .chapter("OUTCOMES")
        .item("note", "Nothing is wrong: a subscription to no mailbox, a file of another program.")
        .item("found", "Wrong; --repair was not given.")
        .item("repaired", "What was done is behind the semicolon.")
        .item("left", "Wrong, and not repaired: by hand only, or not now; why is in the line.")
        .chapter("WHAT IS INSPECTED, AND WHAT --repair DOES")
        .item(
            "missing-directory, missing-maildirfolder",
            "tmp, new or cur, or a folder's mark. They are made.")
        .item(
            "stray",
            "A link, pipe, device or directory where a message has to be, or a file in a"
                + " directory's place. It is moved aside.")
        .item("stray-message", "A message beside new and cur. It is moved to new.")
        .item(
            "double",
            "Two messages of one base name. The one in cur keeps it and its UID, the other gets a"
                + " name of its own; the second name of one file is removed.")
        .item("bad-name", "A message whose name no UID list can hold. It gets another.")
        .item(
            "uid-list",
            "courierimapuiddb with a first line that is none, lines that are none, UIDs or names"
                + " given twice, a next UID that was given, a last line cut off. It is written"
                + " anew, with the UIDs that the server gives from the old one; only where the"
                + " first line is none, under a new UIDVALIDITY.")
        .item(
            "keywords", "courierimapkeywords. What is none is moved aside, the list written anew.")
        .item("access-list", "Lines of courierimapacl that are none are taken out.")
        .item("quota", "maildirsize does not say what is there. The mail is counted.")
        .item("wrong-mode", "The owner can't read or change it. The owner gets these rights.")
        .item("stale-lock", "Its program is no more. It is removed.")
        .item(
            "wrong-owner, wrong-size, folder-name",
            "Of another user; a size in a message's name (,S=) that is not the file's; a folder's"
                + " name that is not UTF-8 or impossible. Never repaired: a file of somebody else"
                + " may be there for a reason, and the UID hangs on the name.")
        .text(
            "No message is removed or gets another UID. What is moved aside, and what a list said"
                + " before, is in postrider-aside of the Maildir; look at it and remove it. Lists"
                + " and doubles are repaired under Courier's lock. A run that was cut off does no"
                + " harm; the next one goes on.")
        .chapter("EXIT STATUS")
        .item("0", "Nothing is wrong.")
        .item("1", "All that was wrong was repaired.")
        .item("4", "Something is wrong; 5: and something was repaired.")
        .item("8", "Something could not be inspected; added to the others.")
        .item("16", "The arguments are wrong.")
        .chapter("EXAMPLE")
        .lines("maildircheck --all", "maildircheck --repair /srv/mail/anna/Maildir")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC, POSTRIDER_HOME", "Where the accounts are: see authtest(1).")
        .see("maildirmake(1)", "authenumerate(8)", "deliverquota(8)");
  }

  /** What the command line says. */
  private record Request(
      boolean repairs, boolean json, boolean notes, boolean all, List<String> maildirs) {}

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    Request request = request(arguments);
    CheckReport report =
        new CheckReport(
            terminal.out(), terminal.err(), request.json, request.notes, terminal.shows());
    if (request.all) {
      checkAll(request, report, terminal, places);
    }
    for (String typed : request.maildirs) {
      try {
        Path maildir = Typed.directory(typed);
        check(maildir, Owner.of(maildir), request, report);
      } catch (IOException failed) {
        report.failed();
        terminal.err().println("maildircheck: " + typed + ": " + Failures.words(failed));
      }
    }
    report.end();
    return report.exit();
  }

  private static Request request(List<String> arguments) throws ToolException {
    boolean repairs = false;
    boolean json = false;
    boolean notes = false;
    boolean all = false;
    List<String> maildirs = new ArrayList<>();
    for (String argument : arguments) {
      switch (argument) {
        case "--repair" -> repairs = true;
        case "--json" -> json = true;
        case "-v" -> notes = true;
        case "--all" -> all = true;
        default -> {
          if (argument.startsWith("-") || argument.isEmpty()) {
            throw new ToolException(WRONG_USE, USAGE);
          }
          maildirs.add(argument);
        }
      }
    }
    if (all != maildirs.isEmpty()) {
      throw new ToolException(WRONG_USE, USAGE);
    }
    return new Request(repairs, json, notes, all, maildirs);
  }

  private static void checkAll(
      Request request, CheckReport report, Terminal terminal, Places places) throws ToolException {
    Set<Path> seen = new HashSet<>();
    try (AuthChain chain = new AuthChain(places.base())) {
      chain.forEachAccount(
          "imap",
          (module, found) -> {
            AccountPrincipal account = found.account();
            Path maildir = account.maildir();
            // Without one: nobody has signed in yet, or the file system is not mounted.
            if (seen.add(maildir) && Files.isDirectory(maildir)) {
              check(maildir, new Owner(account.uid(), account.gid()), request, report);
            }
          });
    } catch (TemporaryFailureException failed) {
      report.failed();
      terminal.err().println("maildircheck: " + failed.detail());
    }
  }

  private static void check(Path maildir, Owner owner, Request request, CheckReport report) {
    report.begin();
    new MaildirCheck(maildir, owner, request.repairs, report::found, report::at).run();
  }
}
