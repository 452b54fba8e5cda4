package org.postrider.command;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.session.SignInLog;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Client and server say who they are: RFC 2971.
 *
 * @param fields of the client, at most 30; values it left NIL are empty
 */
public record Id(Map<String, String> fields) implements Command.AnyState {

  static final CommandSpec SPEC = CommandSpec.named("ID").advertising("ID").readBy(Id::read);

  private static final int MAX_FIELDS = 30;
  private static final int VERSION = 1;
  private static final int SYSTEM = 2;
  private static final int SYSTEM_VERSION = 4;

  /** {@code id = "ID" SP id-params-list} */
  static Id read(CommandReader in) throws SyntaxException, IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    in.sp();
    if (!in.skip('(')) {
      if (in.nstring() != null) {
        throw in.expected("a list in parentheses, or NIL");
      }
      return new Id(fields);
    }
    if (in.skip(')')) {
      return new Id(fields);
    }
    do {
      String field = in.string();
      String value = in.sp().nstring();
      if (fields.size() == MAX_FIELDS
          || field.length() > 30
          || (value != null && value.length() > 1024)) {
        throw in.expected("at most 30 fields of 30 octets with values of 1024");
      }
      fields.put(field, value == null ? "" : value);
    } while (in.skip(' '));
    in.expect(')');
    return new Id(fields);
  }

  @Override
  public Completion run(Session session, ResponseWriter out) throws IOException {
    session.client().identify(fields);
    SignInLog.identified(session, fields);
    out.write(new Response.Id(ours(session.client().policy().customs().idFields())));
    return Completion.ok("ID completed");
  }

  /** As much as the administrator wants to be known. */
  private static Map<String, String> ours(int told) {
    Map<String, String> ours = new LinkedHashMap<>();
    ours.put("name", "Postrider");
    String version = Id.class.getPackage().getImplementationVersion();
    if ((told & VERSION) != 0 && version != null) {
      ours.put("version", version);
    }
    if ((told & SYSTEM) != 0) {
      ours.put("os", System.getProperty("os.name"));
    }
    if ((told & SYSTEM_VERSION) != 0) {
      ours.put("os-version", System.getProperty("os.version"));
    }
    return ours;
  }
}
