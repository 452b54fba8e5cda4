package org.postrider.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Signs in by a SASL mechanism, PLAIN: RFC 3501 section 6.2.2, with the initial response of RFC
 * 4959.
 *
 * @param mechanism in capitals
 * @param initial base64 that came with the command; empty where the client waits for the {@code +}
 */
public record Authenticate(String mechanism, Optional<byte[]> initial)
    implements Command.NotAuthenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("AUTHENTICATE")
          .advertising("SASL-IR", session -> session instanceof Session.NotAuthenticated)
          .advertising(
              "AUTH=PLAIN",
              session ->
                  session instanceof Session.NotAuthenticated && session.client().allowsPassword())
          .readBy(Authenticate::read);

  /** {@code authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]} */
  static Authenticate read(CommandReader in) throws SyntaxException, IOException {
    String mechanism = in.sp().atom().toUpperCase(Locale.ROOT);
    if (!in.skip(' ')) {
      return new Authenticate(mechanism, Optional.empty());
    }
    byte[] initial = in.atom().getBytes(StandardCharsets.ISO_8859_1);
    return new Authenticate(mechanism, Optional.of(initial));
  }

  @Override
  public Completion run(Session.NotAuthenticated session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    if (!mechanism.equals("PLAIN")) {
      return Completion.no(
          Word.CANNOT, "There is no SASL mechanism " + mechanism + " here; CAPABILITY lists them.");
    }
    Completion refusal = SignIn.refusalOfPasswords(session);
    if (refusal != null) {
      return refusal;
    }
    byte[] answer =
        initial.isPresent() ? initialResponse(initial.get()) : challenge(session, out, "");
    char[] message = Login.chars(answer);
    try {
      return plain(session, message);
    } finally {
      Arrays.fill(message, '\0');
    }
  }

  private static byte[] initialResponse(byte[] initial) throws SyntaxException {
    return initial.length == 1 && initial[0] == '=' ? new byte[0] : decoded(initial);
  }

  private static byte[] challenge(Session session, ResponseWriter out, String base64)
      throws SyntaxException, IOException {
    out.write(new Response.Continuation(base64));
    out.flush();
    byte[] line = session.client().reader().line();
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

  /** {@code message = [authzid] NUL authcid NUL passwd}: RFC 4616 section 2. */
  private static Completion plain(Session.NotAuthenticated session, char[] message)
      throws MailException, SyntaxException, IOException {
    int first = indexOfNul(message, 0);
    int second = indexOfNul(message, first + 1);
    if (first < 0 || second < 0 || indexOfNul(message, second + 1) >= 0) {
      throw new SyntaxException(
          "PLAIN is an authorization identity, a name and a password, with a NUL before the last"
              + " two.");
    }
    String authorization = new String(message, 0, first);
    String name = new String(message, first + 1, second - first - 1);
    if (!authorization.isEmpty() && !authorization.equals(name)) {
      return Completion.no(Word.AUTHORIZATIONFAILED, "Nobody may act for somebody else here.");
    }
    char[] password = Arrays.copyOfRange(message, second + 1, message.length);
    try {
      return SignIn.withPassword(session, name, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static int indexOfNul(char[] message, int from) {
    for (int i = Math.max(0, from); i < message.length; i++) {
      if (message[i] == '\0') {
        return i;
      }
    }
    return -1;
  }
}
