package org.postrider.tool.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import org.postrider.auth.CramContext;
import org.postrider.auth.CramHash;
import org.postrider.auth.PasswordKind;
import org.postrider.auth.ScramHash;
import org.postrider.auth.ScramSecret;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code userdbpw}: a password from standard input, as a field of userdb holds it. */
final class UserdbPwTool implements Tool {

  @Override
  public Manual manual() {
    return Manual.of("userdbpw", 8, "makes a stored password for userdb")
        .use("[-md5 | -sha512 | -bcrypt]")
        .use("-hmac-md5 | -hmac-sha1 | -hmac-sha256")
        .use("-scram-sha-1 | -scram-sha-256")
        .use("--help")
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
        .item(
            "-scram-sha-1, -scram-sha-256",
            "What SCRAM-SHA-1 and SCRAM-SHA-256 are checked by, in the form of RFC 5803, for the"
                + " fields scram-sha-1pw and scram-sha-256pw, or imap-scram-sha-256pw for IMAP"
                + " alone. Nobody can sign in with it.")
        .chapter("EXIT STATUS")
        .item("0", "The line was printed.")
        .item("1", "There was no password, it cannot be used, or the option is not known.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "-sha512, -bcrypt and the SCRAM options are new. A password that is empty or longer"
                + " than 512 octets is refused: nobody could sign in with it. Courier prints a"
                + " hash of it, or *0 which is none.")
        .see("userdb(8)", "makeuserdb(8)", "authpasswd(1)");
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
      PasswordKind.check(password);
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
      case "-hmac-md5" -> password -> CramContext.of(CramHash.MD5, password).format();
      case "-hmac-sha1" -> password -> CramContext.of(CramHash.SHA1, password).format();
      case "-hmac-sha256" -> password -> CramContext.of(CramHash.SHA256, password).format();
      case "-scram-sha-1" -> password -> scram(ScramHash.SHA1, password);
      case "-scram-sha-256" -> password -> scram(ScramHash.SHA256, password);
      default -> throw new ToolException(1, "userdbpw: invalid argument.");
    };
  }

  /** SCRAM prepares characters (RFC 4013), so that the password has to be UTF-8. */
  private static String scram(ScramHash hash, byte[] password) {
    CharBuffer characters;
    try {
      characters = UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("For SCRAM a password must be UTF-8.", e);
    }
    char[] copy = new char[characters.remaining()];
    characters.get(copy);
    try {
      return ScramSecret.of(hash, copy).format();
    } finally {
      Arrays.fill(copy, '\0');
      Arrays.fill(characters.array(), '\0');
    }
  }
}
