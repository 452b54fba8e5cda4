package org.postrider.tool.auth;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.AuthChain;
import org.postrider.auth.Evidence;
import org.postrider.auth.SignInRequest;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code authtest}: looks an account up, signs it in, or changes its password. */
final class AuthTestTool implements Tool {

  private static final String DEFAULT_SERVICE = "login";

  @Override
  public Manual manual() {
    return Manual.of("authtest", 1, "tries a sign-in, or changes a password")
        .use("[-s SERVICE] USERID [PASSWORD [NEWPASSWORD]]")
        .use("--help")
        .text(
            "Asks the modules of authmodulelist in authdaemonrc for an account, as the server"
                + " does, and prints what they know. Only USERID: the account is looked up. With"
                + " PASSWORD it is signed in. With NEWPASSWORD its password is changed, in the"
                + " first module where PASSWORD is right and that can.")
        .text(
            "It reads the same files as the server, which need not run, and so has to run as a"
                + " user who may read them. Others can see a command line, and a password in it.")
        .chapter("OPTIONS")
        .item(
            "-s SERVICE",
            "Whose password counts: for imap, imappw before systempw. Without this it is login.")
        .chapter("EXIT STATUS")
        .item("0", "The account was found, signed in, or has its new password.")
        .item(
            "1",
            "It was not (Operation not permitted), that cannot be told at the moment"
                + " (Input/output error, and the reason on the line before), or the arguments are"
                + " wrong.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC", "The directory with userdb, authdaemonrc and their kin.")
        .item("POSTRIDER_HOME", "The data directory; those files are in its etc.")
        .text("If neither is set, the data directory is the one that the server was set up with.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "No daemon is asked. Maildir is the whole path of the Maildir that is opened, where"
                + " Courier prints what is stored, or (none) for the usual place. System accounts"
                + " are shown by uid and gid as well. DEFAULTOPTIONS are among the options. An"
                + " empty new password is refused, and so is a fourth argument.")
        .see("authenumerate(8)", "userdb(8)", "authpasswd(1)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    Deque<String> rest = new ArrayDeque<>(arguments);
    String service = DEFAULT_SERVICE;
    if (!rest.isEmpty() && rest.peek().startsWith("-s")) {
      String option = rest.remove();
      service = option.length() > 2 ? option.substring(2) : rest.poll();
    }
    if (service == null || rest.isEmpty() || rest.size() > 3 || rest.peek().startsWith("-")) {
      throw new ToolException(
          1, "Usage: authtest [-s service] userid [ password [ newpassword ] ]");
    }
    String name = rest.remove();
    try (AuthChain chain = new AuthChain(places.base())) {
      switch (rest.size()) {
        case 0 -> print(lookUp(chain, service, name), "(none)", terminal.out());
        case 1 -> {
          String password = rest.remove();
          StoredAccount account =
              chain.signIn(
                  new SignInRequest(service, name, new Evidence.Password(password.toCharArray())));
          print(withSecrets(chain, service, name, account), password, terminal.out());
        }
        default -> {
          String old = rest.remove();
          change(chain, service, name, old, rest.remove());
          terminal.err().println("Password change succeeded.");
        }
      }
      return 0;
    } catch (FailedLoginException refused) {
      throw new ToolException(1, "Authentication FAILED: Operation not permitted");
    } catch (TemporaryFailureException told) { // the chain has logged it, which is on this terminal
      throw new ToolException(1, "Authentication FAILED: Input/output error");
    } catch (IllegalArgumentException wrong) {
      throw new ToolException(1, "authtest: " + wrong.getMessage());
    }
  }

  private static StoredAccount lookUp(AuthChain chain, String service, String name)
      throws FailedLoginException, TemporaryFailureException {
    return chain.signIn(new SignInRequest(service, name, new Evidence.Vouched()));
  }

  /** Who has signed in may see the hash as well, if the module tells it. */
  private static StoredAccount withSecrets(
      AuthChain chain, String service, String name, StoredAccount account)
      throws TemporaryFailureException {
    try {
      StoredAccount found = lookUp(chain, service, name);
      return found.account().equals(account.account()) ? found : account;
    } catch (FailedLoginException notByName) {
      return account;
    }
  }

  private static void change(
      AuthChain chain, String service, String name, String old, String wanted)
      throws FailedLoginException, ToolException {
    try {
      if (!chain.changePassword(service, name, old.toCharArray(), wanted.toCharArray())) {
        throw new FailedLoginException();
      }
    } catch (TemporaryFailureException failed) {
      throw new ToolException(1, failed.detail() + "\nAuthentication FAILED: Input/output error");
    }
  }

  private static void print(StoredAccount found, String password, PrintStream out) {
    AccountPrincipal account = found.account();
    out.println("Authentication succeeded.");
    out.println();
    out.printf(
        "     Authenticated: %s  (uid %d, gid %d)%n",
        account.address(), account.uid(), account.gid());
    out.println("    Home Directory: " + account.home());
    out.println("           Maildir: " + account.maildir());
    out.println("             Quota: " + orNone(account.quota()));
    out.println("Encrypted Password: " + found.secrets().hash().orElse("(none)"));
    out.println("Cleartext Password: " + found.secrets().clear().orElse(password));
    out.println("           Options: " + orNone(account.options().toString()));
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "(none)" : value;
  }
}
