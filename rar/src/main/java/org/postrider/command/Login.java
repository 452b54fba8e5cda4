package org.postrider.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Signs in with a name and a password: RFC 3501 section 6.2.3. It is the SASL mechanism PLAIN by
 * another command, and takes its way.
 *
 * @param password UTF-8; wiped when the command has run
 */
@SuppressWarnings("ArrayRecordComponent") // a password that can be wiped
public record Login(String name, byte[] password) implements Command.NotAuthenticated {

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
    return new Login(name, in.sp().astringOctets());
  }

  @Override
  public Completion run(Session.NotAuthenticated session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    return SignIn.by("PLAIN", "", session, Optional.of(message()), Login::nothingToAsk);
  }

  /** As PLAIN sends it; no NUL comes through the grammar of a command. */
  private byte[] message() {
    byte[] user = name.getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[user.length + password.length + 2];
    System.arraycopy(user, 0, message, 1, user.length);
    System.arraycopy(password, 0, message, user.length + 2, password.length);
    Arrays.fill(password, (byte) 0);
    return message;
  }

  private static byte[] nothingToAsk(byte[] challenge) {
    throw new IllegalStateException("PLAIN has nothing to ask");
  }
}
