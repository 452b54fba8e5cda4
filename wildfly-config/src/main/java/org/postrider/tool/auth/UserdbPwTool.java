package org.postrider.tool.auth;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.postrider.auth.PasswordKind;

/** {@code userdbpw}: a password from standard input, as a field of userdb holds it. */
final class UserdbPwTool implements Tool {

  private static final Manual MANUAL =
      Manual.of("userdbpw", 8, "makes a stored password for userdb")
          .use("[-md5 | -sha512 | -bcrypt | -hmac-md5 | -hmac-sha1 | -hmac-sha256 | --help]")
          .text(
              "Reads one line of standard input, a password, and prints it as a field of userdb"
                  + " holds it. If standard input is a terminal, the password is asked for twice,"
                  + " and is not seen.")
          .text("Usually it feeds userdb(8), so that no password is on a command line:")
          .lines(
              "userdbpw -sha512 | userdb john@example.com set systempw",
              "userdbpw -hmac-sha256 | userdb john@example.com set hmac-sha256pw",
              "makeuserdb")
          .chapter("OPTIONS")
          .item(
              "(none)",
              "The traditional hash of crypt(3). Only the first 8 octets of the password count, and"
                  + " it is soon guessed: use another.")
          .item("-md5", "An MD5 crypt hash, $1$.")
          .item("-sha512", "A SHA-512 crypt hash, $6$, which resists guessing.")
          .item("-bcrypt", "A bcrypt hash of cost 12, $2b$, which resists guessing best.")
          .item(
              "-hmac-md5, -hmac-sha1, -hmac-sha256",
              "The context from which answers to CRAM-MD5, CRAM-SHA1 and CRAM-SHA256 are checked,"
                  + " for the fields hmac-md5pw, hmac-sha1pw and hmac-sha256pw, or imap-hmac-md5pw"
                  + " and so on for IMAP alone. Who has it can sign in by CRAM as with the"
                  + " password.")
          .chapter("EXIT STATUS")
          .item("0", "The line was printed.")
          .item("1", "There was no password, it cannot be used, or the option is not known.")
          .chapter("DIFFERENCES FROM COURIER")
          .text(
              "-sha512 and -bcrypt are new. A password that is empty or longer than 512"
                  + " octets is refused: nobody could sign in with it. Courier prints a hash of it,"
                  + " or *0 which is none.")
          .see("userdb(8)", "makeuserdb(8)", "authpasswd(8)");

  @Override
  public Manual manual() {
    return MANUAL;
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    StoredForm form = PasswordKind.DES::hash;
    for (String option : arguments) {
      form = form(option);
    }
    byte[] password = terminal.readNewPassword();
    if (password == null) {
      return 1;
    }
    try {
      terminal.out().println(form.of(password));
      return 0;
    } catch (IllegalArgumentException unusable) {
      throw new ToolException(1, "userdbpw: " + unusable.getMessage());
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  /** What is made of a password. */
  private interface StoredForm {
    String of(byte[] password);
  }

  private static StoredForm form(String option) throws ToolException {
    return switch (option) {
      case "-md5" -> PasswordKind.MD5_CRYPT::hash;
      case "-sha512" -> PasswordKind.SHA512_CRYPT::hash;
      case "-bcrypt" -> PasswordKind.BCRYPT::hash;
      default -> throw new ToolException(1, "userdbpw: invalid argument.");
    };
  }
}
