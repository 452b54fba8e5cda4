package org.postrider.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.protocol.UidSet;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.MailboxView;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Finds messages: RFC 3501 section 6.4.4; with RETURN, the shorter answers of RFC 4731, and the
 * result that RFC 5182 keeps.
 *
 * @param returns empty: the plain SEARCH response
 */
record Search(SearchCriteria criteria, Optional<SearchReturns> returns, boolean uids)
    implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("SEARCH")
          .withUidForm()
          .holdingExpunge()
          .advertising("ESEARCH", "SEARCHRES", "WITHIN")
          .readBy(Search::read);

  /**
   * {@code search = "SEARCH" [SP "RETURN" SP "(" ... ")"] [SP "CHARSET" SP astring] 1*(SP
   * search-key)}
   */
  static Search read(CommandReader in) throws SyntaxException, IOException {
    in.sp();
    Optional<SearchReturns> returns = Optional.empty();
    Optional<String> charset = Optional.empty();
    Optional<String> word = firstWord(in);
    if (word.isPresent() && word.get().equals("RETURN")) {
      returns = Optional.of(SearchReturns.read(in.sp()));
      in.sp();
      word = firstWord(in);
    }
    if (word.isPresent() && word.get().equals("CHARSET")) {
      if (in.utf8Enabled()) {
        throw new SyntaxException(
            "After ENABLE UTF8=ACCEPT all texts are UTF-8; CHARSET is not used (RFC 6855).");
      }
      charset = Optional.of(in.sp().astring());
      in.sp();
      word = Optional.empty();
    }
    return new Search(SearchCriteria.read(in, charset, word), returns, in.readsUids());
  }

  private static Optional<String> firstWord(CommandReader in) throws SyntaxException, IOException {
    boolean other = in.at('(') || in.at('*') || in.at('$') || in.atDigit();
    return other ? Optional.empty() : Optional.of(in.keyword());
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, IOException {
    MailboxView view = session.view();
    boolean saves = returns.isPresent() && returns.get().saves();
    UidSet found;
    try {
      found =
          session.mail(
              mail ->
                  mail.messages().search(session.mailbox(), view.resolve(criteria.understood())));
    } catch (MailException e) {
      if (saves) {
        view.save(UidSet.EMPTY);
      }
      throw e;
    }
    long[] known = Arrays.stream(found.toArray()).filter(uid -> view.number(uid) > 0).toArray();
    answer(session, known, out);
    if (saves) {
      view.save(returns.get().saved(known));
    }
    return Completion.ok("SEARCH completed");
  }

  private void answer(Session.Selected session, long[] known, ResponseWriter out)
      throws IOException {
    long[] numbers = uids ? known : session.view().numbers(known);
    Optional<Response> response =
        returns.isEmpty()
            ? Optional.of(new Response.Search(numbers))
            : returns.get().response(session, uids, numbers);
    if (response.isPresent()) {
      out.write(response.get());
    }
  }
}
