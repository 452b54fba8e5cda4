package org.postrider.session;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * A command, read and ready to run, in the state of RFC 3501 section 3 that it needs. A state that
 * is not there cannot be passed, so the wrong-state case cannot be forgotten.
 *
 * <p>{@code run} writes untagged responses and answers the {@link Completion}; it throws {@code
 * MailException} for {@code NO}, {@code SyntaxException} for {@code BAD} and {@code IOException}
 * where the client is gone.
 */
public sealed interface Command {

  non-sealed interface AnyState extends Command {
    Completion run(Session session, ResponseWriter out)
        throws MailException, SyntaxException, IOException;
  }

  non-sealed interface NotAuthenticated extends Command {
    Completion run(Session.NotAuthenticated session, ResponseWriter out)
        throws MailException, SyntaxException, IOException;
  }

  non-sealed interface Authenticated extends Command {
    Completion run(Session.Authenticated session, ResponseWriter out)
        throws MailException, SyntaxException, IOException;
  }

  non-sealed interface Selected extends Command {
    Completion run(Session.Selected session, ResponseWriter out)
        throws MailException, SyntaxException, IOException;
  }
}
