package org.postrider.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.protocol.SortCriterion;
import org.postrider.protocol.SortKey;
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
 * Finds messages and tells them in an order: RFC 5256 section 3; by the names of people as well,
 * RFC 5957; with RETURN, the answers of RFC 5267 section 3.
 *
 * @param order the first criterion counts most
 * @param returns empty: the plain SORT response
 */
record Sort(
    List<SortCriterion> order,
    SearchCriteria criteria,
    Optional<SearchReturns> returns,
    boolean uids)
    implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("SORT")
          .withUidForm()
          .holdingExpunge()
          .advertising("SORT", "SORT=DISPLAY", "ESORT")
          .readBy(Sort::read);

  /** Each key once in each direction is more than anybody can tell apart. */
  private static final int MAX_CRITERIA = 2 * SortKey.values().length;

  Sort {
    order = List.copyOf(order);
  }

  /** {@code sort = "SORT" [SP "RETURN" SP "(" ... ")"] SP sort-criteria SP search-criteria} */
  static Sort read(CommandReader in) throws SyntaxException, IOException {
    in.sp();
    Optional<SearchReturns> returns = Optional.empty();
    if (!in.at('(')) {
      String word = in.keyword();
      if (!word.equals("RETURN")) {
        throw in.expected("RETURN, or ( and what to sort by");
      }
      returns = Optional.of(SearchReturns.read(in.sp()));
      in.sp();
    }
    List<SortCriterion> order = order(in);
    return new Sort(order, SearchCriteria.readWithCharset(in.sp()), returns, in.readsUids());
  }

  /** {@code sort-criteria = "(" sort-criterion *(SP sort-criterion) ")"} */
  private static List<SortCriterion> order(CommandReader in) throws SyntaxException, IOException {
    List<SortCriterion> order = new ArrayList<>();
    in.expect('(');
    do {
      if (order.size() == MAX_CRITERIA) {
        throw in.expected("at most " + MAX_CRITERIA + " things to sort by");
      }
      String word = in.keyword();
      boolean reverse = word.equals("REVERSE");
      order.add(new SortCriterion(key(in, reverse ? in.sp().keyword() : word), reverse));
    } while (in.skip(' '));
    in.expect(')');
    return order;
  }

  private static SortKey key(CommandReader in, String word) throws SyntaxException {
    try {
      return SortKey.valueOf(word);
    } catch (IllegalArgumentException e) {
      throw in.expected(
          "one of " + Arrays.toString(SortKey.values()) + "; " + word + " is none of them");
    }
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, IOException {
    session.client().policy().customs().requireSorting();
    MailboxView view = session.view();
    boolean saves = returns.isPresent() && returns.get().saves();
    long[] sorted;
    try {
      sorted =
          session.mail(
              mail ->
                  mail.messages()
                      .sort(session.mailbox(), order, view.resolve(criteria.understood())));
    } catch (MailException e) {
      if (saves) {
        view.save(UidSet.EMPTY);
      }
      throw e;
    }
    long[] known = Arrays.stream(sorted).filter(uid -> view.number(uid) > 0).toArray();
    long[] numbers = uids ? known : view.numbers(known);
    Optional<Response> response =
        returns.isEmpty()
            ? Optional.of(new Response.Sort(numbers))
            : returns.get().response(session, uids, numbers);
    if (response.isPresent()) {
      out.write(response.get());
    }
    if (saves) {
      view.save(returns.get().saved(known));
    }
    return Completion.ok("SORT completed");
  }
}
