package org.postrider.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.postrider.mail.MailException;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.Response;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.ThreadAlgorithm;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.MailboxView;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Finds messages and tells which answer which: RFC 5256 section 3. */
record ThreadMessages(ThreadAlgorithm algorithm, SearchCriteria criteria, boolean uids)
    implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("THREAD")
          .withUidForm()
          .holdingExpunge()
          .advertising("THREAD=ORDEREDSUBJECT", "THREAD=REFERENCES", "THREAD=REFS")
          .readBy(ThreadMessages::read);

  /** {@code thread = "THREAD" SP thread-alg SP search-criteria} */
  static ThreadMessages read(CommandReader in) throws SyntaxException, IOException {
    ThreadAlgorithm algorithm = algorithm(in.sp());
    return new ThreadMessages(algorithm, SearchCriteria.readWithCharset(in.sp()), in.readsUids());
  }

  private static ThreadAlgorithm algorithm(CommandReader in) throws SyntaxException, IOException {
    String word = in.atom().toUpperCase(Locale.ROOT);
    try {
      return ThreadAlgorithm.valueOf(word);
    } catch (IllegalArgumentException e) {
      throw in.expected(
          "one of " + Arrays.toString(ThreadAlgorithm.values()) + "; " + word + " is none of them");
    }
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, IOException {
    session.client().policy().customs().requireSorting();
    MailboxView view = session.view();
    // A message that the client does not know yet would leave a gap in its thread.
    SearchKey key =
        new SearchKey.And(
            List.of(new SearchKey.Uids(view.known()), view.resolve(criteria.understood())));
    MessageThreads threads =
        session.mail(mail -> mail.messages().thread(session.mailbox(), algorithm, key));
    out.write(new Response.Thread(uids ? threads : threads.numbered(view::number)));
    return Completion.ok("THREAD completed");
  }
}
