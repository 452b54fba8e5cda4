package org.postrider.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Switches extensions on for this conversation: RFC 5161; the one there is today is UTF8=ACCEPT,
 * RFC 6855.
 */
public record Enable(List<String> wanted) implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("ENABLE").advertising("ENABLE", "UTF8=ACCEPT").readBy(Enable::read);

  private static final String UTF8 = "UTF8=ACCEPT";

  /** {@code enable = "ENABLE" 1*(SP capability)} */
  static Enable read(CommandReader in) throws SyntaxException, IOException {
    List<String> wanted = new ArrayList<>();
    in.sp();
    do {
      wanted.add(in.atom().toUpperCase(Locale.ROOT));
    } while (in.skip(' '));
    return new Enable(wanted);
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws IOException {
    List<String> enabled = new ArrayList<>();
    if (wanted.contains(UTF8) && !session.client().reader().utf8Enabled()) {
      session.client().enableUtf8();
      enabled.add(UTF8);
    }
    out.write(new Response.Enabled(enabled));
    return Completion.ok("ENABLE completed");
  }
}
