package org.postrider.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Signs in by a SASL mechanism: RFC 3501 section 6.2.2, with the initial response of RFC 4959. Only
 * the framing is here: base64, one line a message, {@code *} to give up.
 *
 * @param mechanism in capitals
 * @param initial what came with the command, decoded; empty where the client waits for the {@code
 *     +}
 */
public record Authenticate(String mechanism, Optional<byte[]> initial)
    implements Command.NotAuthenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("AUTHENTICATE")
          .advertising("SASL-IR", session -> session instanceof Session.NotAuthenticated)
          .advertisingAll(Authenticate::mechanisms)
          .readBy(Authenticate::read);

  /** What this client may sign in by: another list once there is TLS. */
  private static List<String> mechanisms(Session session) {
    return session instanceof Session.NotAuthenticated
        ? session.client().mechanisms().stream().map(name -> "AUTH=" + name).toList()
        : List.of();
  }

  /** {@code authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]} */
  static Authenticate read(CommandReader in) throws SyntaxException, IOException {
    String mechanism = in.sp().atom().toUpperCase(Locale.ROOT);
    // Mutt sends the space, and nothing behind it, where the server is to begin.
    if (!in.skip(' ') || in.atEndOfLine()) {
      return new Authenticate(mechanism, Optional.empty());
    }
    byte[] initial = in.saslResponse();
    boolean empty = initial.length == 1 && initial[0] == '=';
    return new Authenticate(mechanism, Optional.of(empty ? new byte[0] : decoded(initial)));
  }

  @Override
  public Completion run(Session.NotAuthenticated session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    return SignIn.by(
        mechanism,
        ", method=" + mechanism,
        session,
        initial,
        challenge -> ask(session.client().reader(), out, challenge));
  }

  private static byte[] ask(CommandReader in, ResponseWriter out, byte[] challenge)
      throws SyntaxException, IOException {
    out.write(new Response.Continuation(Base64.getEncoder().encodeToString(challenge)));
    out.flush();
    byte[] line = in.saslLine();
    if (line.length == 1 && line[0] == '*') {
      throw new SyntaxException("The sign-in was cancelled.");
    }
    return decoded(line);
  }

  private static byte[] decoded(byte[] base64) throws SyntaxException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new SyntaxException("Expected base64.");
    } finally {
      Arrays.fill(base64, (byte) 0);
    }
  }
}
