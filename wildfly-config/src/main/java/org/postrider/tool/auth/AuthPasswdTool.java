package org.postrider.tool.auth;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.postrider.auth.PasswordKind;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code authpasswd}: a password from standard input, as LDAP and SQL hold it. */
final class AuthPasswdTool implements Tool {

  @Override
  public Manual manual() {
    return Manual.of("authpasswd", 1, "makes a stored password")
        .use("[md5 | md5raw | sha | sha256 | sha512 | ssha | --help]")
        .text(
            "Reads one line of standard input, a password, and prints a hash of it. If standard"
                + " input is a terminal, the password is asked for twice, and is not seen.")
        .text(
            "Without an argument it is an MD5 crypt hash, $1$. With one it is of that kind, with"
                + " the kind before it in braces, as in {SSHA}; what is no kind gives {SSHA}."
                + " Only that and $1$ have a salt. None of them resists guessing as the kinds of"
                + " userdbpw(8) do that are called -sha512 and -bcrypt.")
        .chapter("EXIT STATUS")
        .item("0", "The line was printed.")
        .item("1", "There was no password, or it cannot be used.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "A password that is empty or longer than 512 octets is refused: nobody could sign in"
                + " with it.")
        .see("userdbpw(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    PasswordKind kind =
        arguments.isEmpty() ? PasswordKind.MD5_CRYPT : PasswordKind.named(arguments.getFirst());
    byte[] password = terminal.readNewPassword();
    if (password == null) {
      return 1;
    }
    try {
      terminal.out().println(kind.hash(password));
      return 0;
    } catch (IllegalArgumentException unusable) {
      throw new ToolException(1, "authpasswd: " + unusable.getMessage());
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }
}
