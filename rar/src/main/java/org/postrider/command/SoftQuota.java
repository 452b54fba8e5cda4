package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Tells a client that what it has just stored brought the account to its warning level. */
final class SoftQuota {

  private SoftQuota() {}

  /**
   * After APPEND, COPY and MOVE, once each time the level is reached: RFC 9208 section 4.3.1,
   * examples 2 and 3.
   */
  static void tell(Session.Authenticated session, ResponseWriter out) throws IOException {
    if (isReached(session)) {
      out.write(
          Response.Status.untagged(
              Response.Condition.NO,
              Word.OVERQUOTA,
              "The mailbox is nearly full; this was stored, but little more will be."));
    }
  }

  private static boolean isReached(Session.Authenticated session) {
    try {
      return session.mail(mail -> mail.quotas().takeLevelReached(session.account()));
    } catch (MailException e) {
      return false; // what was stored is stored all the same
    }
  }
}
