package org.postrider.tool.auth;

import java.nio.file.Path;
import java.util.List;
import org.postrider.auth.UserdbCompileException;
import org.postrider.auth.UserdbCompiler;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code makeuserdb}: compiles a userdb. */
final class MakeUserdbTool implements Tool {

  private static final long QUIET_NANOS = 2_000_000_000L;

  @Override
  public Manual manual() {
    return Manual.of("makeuserdb", 8, "compiles userdb, so that changes of it take effect")
        .use("[-f FILE] [--help]")
        .text(
            "Makes userdb.dat and userdbshadow.dat from userdb, which is a file or a directory of"
                + " files. Where they are there, the server reads only them: changes of userdb take"
                + " effect when this command has run, all at once, and without a restart. Where"
                + " they are not, the server reads userdb itself, and changes take effect at once.")
        .text(
            "userdb may not be open to group or others (mode 600, or 700 if it is a directory) and"
                + " may not be a symbolic link. In a directory, names with a full stop before them"
                + " or a tilde in them are not read.")
        .chapter("OPTIONS")
        .item(
            "-f FILE",
            "Compiles FILE to FILE.dat and FILEshadow.dat. No data directory is needed then.")
        .chapter("FORMAT OF USERDB")
        .text(
            "A line for each account: its name, one TAB, and fields with | between them, each"
                + " FIELD=VALUE. Empty lines, and lines that begin with #, are passed over.")
        .lines("john@example.com<TAB>uid=5000|gid=5000|home=/srv/mail/john|systempw=$6$...")
        .item("uid, gid, home", "The owner of the mail, by number, and the home directory.")
        .item("mail", "The Maildir; absolute, or in the home directory. Without it, Maildir.")
        .item("systempw", "The password's hash; imappw counts before it, for IMAP alone.")
        .item(
            "hmac-md5pw, hmac-sha1pw, hmac-sha256pw, scram-sha-1pw, scram-sha-256pw",
            "For sign-ins without the password on the wire: see userdbpw(8). With imap- before"
                + " them they are for IMAP alone.")
        .item("gecos, quota, options, shell", "Full name, quota, account options, and a shell.")
        .chapter("EXIT STATUS")
        .item("0", "userdb is compiled.")
        .item("1", "It is not: the reason was printed, and the old files stay.")
        .item("2", "userdb is not there.")
        .item("255", "It is a symbolic link, or open to others.")
        .chapter("FILES")
        .item("userdb.dat", "GDBM, mode 644: everything but passwords.")
        .item("userdbshadow.dat", "GDBM, mode 600: the fields whose names end in pw.")
        .item("userdb.lock", "Locked by flock(2) meanwhile, as Courier's makeuserdb does.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC", "The directory with userdb.")
        .item("POSTRIDER_HOME", "The data directory; userdb is in its etc.")
        .text("If neither is set, the data directory is the one that the server was set up with.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "The two files are replaced together or not at all: a name that comes twice leaves"
                + " both as they were, and the error says where it stands. What is left out of a"
                + " directory, and what is refused there, is as in courier-authlib 0.72.7. Files"
                + " made by root get the owner of userdb. If it takes long and standard error is a"
                + " terminal, the number of accounts so far is shown.")
        .see("userdb(8)", "userdbpw(8)", "pw2userdb(8)", "authtest(1)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    Path userdb;
    if (!arguments.isEmpty() && arguments.getFirst().equals("-f")) {
      if (arguments.size() < 2 || arguments.get(1).isEmpty()) {
        throw new ToolException(1, "Usage: makeuserdb [-f file]");
      }
      userdb = Path.of(arguments.get(1)); // which drops a / at its end
    } else {
      userdb = places.etc().resolve("userdb");
    }
    Shown shown = new Shown(terminal, System.nanoTime());
    try {
      UserdbCompiler.compile(userdb, shown);
      return 0;
    } catch (UserdbCompileException refused) {
      throw new ToolException(refused.exitCode(), refused.getMessage());
    } finally {
      shown.end();
    }
  }

  /** The number of accounts, for a person who would wonder. */
  private static final class Shown implements UserdbCompiler.Progress {

    private final Terminal terminal;
    private final long begin;
    private boolean any;

    Shown(Terminal terminal, long begin) {
      this.terminal = terminal;
      this.begin = begin;
    }

    @Override
    public void records(long soFar) {
      if (terminal.shows() && System.nanoTime() - begin > QUIET_NANOS) {
        any = true;
        terminal.err().printf("\r%,d accounts", soFar);
        terminal.err().flush();
      }
    }

    @Override
    public void waiting(Path lock) {
      if (terminal.shows()) {
        terminal.err().println("Another makeuserdb holds " + lock + "; waiting for it.");
        terminal.err().flush();
      }
    }

    void end() {
      if (any) {
        terminal.err().println();
      }
    }
  }
}
