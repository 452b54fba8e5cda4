package org.postrider.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.postrider.mail.MailException;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Signs in with a name and a password: RFC 3501 section 6.2.3.
 *
 * @param password wiped when the command has run
 */
@SuppressWarnings("ArrayRecordComponent") // a password that can be wiped
public record Login(String name, char[] password) implements Command.NotAuthenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("LOGIN")
          .advertising(
              "LOGINDISABLED",
              session ->
                  session instanceof Session.NotAuthenticated && !session.client().allowsPassword())
          .readBy(Login::read);

  /** {@code login = "LOGIN" SP userid SP password} */
  static Login read(CommandReader in) throws SyntaxException, IOException {
    String name = in.sp().astring();
    return new Login(name, chars(in.sp().astringOctets()));
  }

  /** Characters of the octets, which are wiped. */
  static char[] chars(byte[] octets) throws SyntaxException {
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      char[] chars = new char[decoded.remaining()];
      decoded.get(chars);
      Arrays.fill(decoded.array(), '\0');
      return chars;
    } catch (CharacterCodingException e) {
      throw new SyntaxException("A password is in UTF-8; this one is not.");
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  @Override
  public Completion run(Session.NotAuthenticated session, ResponseWriter out)
      throws MailException, IOException {
    try {
      Completion refusal = SignIn.refusalOfPasswords(session);
      return refusal != null ? refusal : SignIn.withPassword(session, name, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
