package org.postrider.maildir.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postrider.maildir.LocalDelivery;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.QuotaLimits;
import org.postrider.maildir.QuotaWarning;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;
import org.postrider.tool.maildir.Failures;

/** {@code deliverquota}: delivers a message into a Maildir that has a quota. */
final class DeliverquotaTool implements Tool {

  private static final String USAGE = "Usage: deliverquota [-c] [-w percent] maildir";
  private static final int CANNOT_CREATE = 73;
  private static final int FAILED = 74;
  private static final int TRY_LATER = 75;
  private static final int OVER_QUOTA = 77;
  private static final Pattern STRANGE_UNIT = Pattern.compile("[0-9](?![0-9SC])");
  private static final int LONGEST_PERCENT = 3;

  @Override
  public Manual manual() {
    return Manual.of("deliverquota", 8, "delivers a message into a Maildir with a quota")
        .use("[-c] [-w PERCENT] [-W FILE] MAILDIR [QUOTA]")
        .use("--help")
        .text(
            "Reads a message from standard input and puts it into new of MAILDIR, which is a"
                + " Maildir or a folder in one, such as Maildir/.Sent, unless the account's quota"
                + " has no room for it. It returns when the message is on the disk.")
        .text(
            "Run it as the user whom the mail belongs to, or as root: what is made then belongs to"
                + " the owner of MAILDIR.")
        .chapter("OPTIONS")
        .item("-c", "Makes the Maildir, and the directories above it, where they are missing.")
        .item(
            "-w PERCENT",
            "Puts a warning into the Maildir when this message brought it to so much of its quota,"
                + " once in 24 hours.")
        .item(
            "-W FILE",
            "The warning, a whole message without Date and Message-Id. Else quotawarnmsg in the"
                + " configuration directory; without such a file nobody is warned.")
        .item(
            "QUOTA",
            "The account's quota, as with maildirmake(1): where it has another one, it gets this"
                + " one, and its mail is counted.")
        .chapter("EXIT STATUS")
        .item("0", "Delivered.")
        .item("73", "The arguments are wrong.")
        .item("74", "The message could not be written. Nothing was delivered.")
        .item("75", "The Maildir cannot be used now: try later. Nothing was delivered.")
        .item("77", "There is no room in the quota. Nothing was delivered.")
        .chapter("EXAMPLE")
        .lines("deliverquota -w 90 /srv/mail/anna/Maildir 50000000S < message")
        .chapter("FILES")
        .item("maildirsize", "In the Maildir: the quota, and what counts toward it.")
        .item("quotawarn", "In the Maildir: its time is that of the last warning.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC, POSTRIDER_HOME", "Where quotawarnmsg is looked for.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "The message is synced, file and directory, before the command ends. The warning is due"
                + " when the mail reaches PERCENT with this message, not one message later. -w 0"
                + " warns nobody. -w with something that is no number is refused. A Maildir that"
                + " has no tmp or new is not used (75).")
        .see("maildirmake(1)", "maildiracl(1)");
  }

  /** What the command line says. */
  private record Request(
      boolean create, int percent, Optional<String> text, String maildir, Optional<String> quota) {}

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    Request request = request(arguments);
    LocalDelivery delivery = open(request, places);
    try {
      if (request.quota.isPresent()) {
        QuotaLimits limits = QuotaLimits.parse(request.quota.get());
        if (STRANGE_UNIT.matcher(request.quota.get()).find()) {
          terminal.err().println("WARN: quota string '" + request.quota.get() + "' not parseable");
        }
        delivery.obey(limits);
      }
      delivery.deliver(terminal.in());
      return 0;
    } catch (MaildirException over) {
      if (over.reason() != MaildirException.Reason.OVER_QUOTA) {
        throw new ToolException(TRY_LATER, request.maildir + ": " + over.getMessage());
      }
      terminal.out().println("Mail quota exceeded.");
      return OVER_QUOTA;
    } catch (IOException failed) {
      throw new ToolException(FAILED, request.maildir + ": " + Failures.words(failed));
    }
  }

  private static Request request(List<String> arguments) throws ToolException {
    boolean create = false;
    int percent = 0;
    Optional<String> text = Optional.empty();
    int at = 0;
    boolean options = true;
    while (options && at < arguments.size()) {
      String option = arguments.get(at);
      boolean more = at + 1 < arguments.size();
      if (option.equals("-c")) {
        create = true;
        at++;
      } else if (option.equals("-w") && more) {
        percent = percent(arguments.get(at + 1));
        at += 2;
      } else if (option.equals("-W") && more) {
        text = Optional.of(arguments.get(at + 1));
        at += 2;
      } else {
        options = false;
      }
    }
    if (at >= arguments.size()) {
      throw new ToolException(CANNOT_CREATE, USAGE);
    }
    Optional<String> quota =
        at + 1 < arguments.size() ? Optional.of(arguments.get(at + 1)) : Optional.empty();
    return new Request(create, percent, text, arguments.get(at), quota);
  }

  private static int percent(String text) throws ToolException {
    boolean number =
        !text.isEmpty()
            && text.length() <= LONGEST_PERCENT
            && text.chars().allMatch(it -> it >= '0' && it <= '9');
    int percent = number ? Integer.parseInt(text) : -1;
    if (percent < 0 || percent > 100) {
      throw new ToolException(CANNOT_CREATE, USAGE);
    }
    return percent;
  }

  private static LocalDelivery open(Request request, Places places) throws ToolException {
    try {
      Path maildir = Typed.directory(request.maildir);
      if (request.create) {
        LocalDelivery.prepare(maildir);
      }
      LocalDelivery delivery = new LocalDelivery(maildir, warning(request, places));
      delivery.requireDirectories();
      return delivery;
    } catch (IOException unusable) {
      throw new ToolException(TRY_LATER, request.maildir + ": " + Failures.words(unusable));
    }
  }

  private static QuotaWarning warning(Request request, Places places) throws NoSuchFileException {
    if (request.percent == 0) {
      return QuotaWarning.NONE;
    }
    if (request.text.isPresent()) {
      return new QuotaWarning(request.percent, Typed.directory(request.text.get()));
    }
    try {
      Path text = places.etc().resolve("quotawarnmsg");
      return Files.isRegularFile(text)
          ? new QuotaWarning(request.percent, text)
          : QuotaWarning.NONE;
    } catch (ToolException unknown) {
      return QuotaWarning.NONE; // mail is delivered without a server, too
    }
  }
}
