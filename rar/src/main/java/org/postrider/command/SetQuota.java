package org.postrider.command;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.protocol.QuotaResource;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Sets the limits of a quota root: RFC 9208 section 4.1.3. For administrators. */
public record SetQuota(String root, Map<QuotaResource, Long> limits)
    implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("SETQUOTA")
          .advertising(
              "QUOTASET",
              session -> session.signedInAs().filter(Account::isAdministrator).isPresent())
          .readBy(SetQuota::read);

  public SetQuota {
    limits = Map.copyOf(limits);
  }

  /**
   * {@code setquota = "SETQUOTA" SP quota-root-name SP "(" [resource-name SP number64 *(SP
   * resource-name SP number64)] ")"}
   */
  static SetQuota read(CommandReader in) throws SyntaxException, MailException, IOException {
    String root = in.sp().astring();
    Map<QuotaResource, Long> limits = new EnumMap<>(QuotaResource.class);
    in.sp().expect('(');
    for (boolean more = !in.at(')'); more; more = in.skip(' ')) {
      QuotaResource resource = resource(in.atom());
      if (limits.put(resource, limit(in.sp())) != null) {
        throw in.expected("each resource once");
      }
    }
    in.expect(')');
    return new SetQuota(root, limits);
  }

  private static QuotaResource resource(String name) throws MailException {
    for (QuotaResource resource : QuotaResource.values()) {
      if (resource.name().equals(name.toUpperCase(Locale.ROOT))) {
        return resource;
      }
    }
    throw new MailException(
        Word.CANNOT, "STORAGE and MESSAGE can be limited here, and nothing else.");
  }

  /** {@code number64}: 0 to 2^63-1. */
  private static long limit(CommandReader in) throws SyntaxException, IOException {
    String digits = in.atom();
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw in.expected("a number");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw in.expected("a number up to " + Long.MAX_VALUE);
    }
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    if (!session.account().isAdministrator()) {
      throw new MailException(
          Word.NOPERM, "SETQUOTA No permission. Limits are set by administrators.");
    }
    QuotaRoot changed = session.mail(mail -> mail.quotas().limit(session.account(), root, limits));
    out.write(new Response.Quota(changed));
    return Completion.ok("SETQUOTA completed");
  }
}
