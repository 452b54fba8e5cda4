package org.postrider.command;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.protocol.SearchKey;
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
 * Finds messages: RFC 3501 section 6.4.4; with RETURN, the shorter answers of RFC 4731.
 *
 * @param returns empty: the plain SEARCH response
 */
public record Search(SearchKey key, Optional<Set<Return>> returns, boolean uids)
    implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("SEARCH")
          .withUidForm()
          .holdingExpunge()
          .advertising("ESEARCH")
          .readBy(Search::read);

  /** What of the result is wanted. */
  public enum Return {
    MIN,
    MAX,
    ALL,
    COUNT
  }

  /**
   * {@code search = "SEARCH" [SP "RETURN" SP "(" ... ")"] [SP "CHARSET" SP astring] 1*(SP
   * search-key)}
   */
  static Search read(CommandReader in) throws SyntaxException, MailException, IOException {
    in.sp();
    Optional<Set<Return>> returns = Optional.empty();
    Optional<Charset> charset = Optional.empty();
    Optional<String> word = startsWithWord(in) ? Optional.of(in.keyword()) : Optional.empty();
    if (word.isPresent() && word.get().equals("RETURN")) {
      returns = Optional.of(returns(in.sp()));
      in.sp();
      word = startsWithWord(in) ? Optional.of(in.keyword()) : Optional.empty();
    }
    if (word.isPresent() && word.get().equals("CHARSET")) {
      charset = Optional.of(SearchKeyReader.charset(in, in.sp().astring()));
      in.sp();
      word = Optional.empty();
    }
    SearchKeyReader reader = new SearchKeyReader(in, charset);
    return new Search(reader.keys(word), returns, in.readsUids());
  }

  private static boolean startsWithWord(CommandReader in) throws IOException {
    return !in.at('(') && !in.at('*') && !in.atDigit();
  }

  private static Set<Return> returns(CommandReader in) throws SyntaxException, IOException {
    Set<Return> wanted = EnumSet.noneOf(Return.class);
    in.expect('(');
    if (in.skip(')')) {
      return EnumSet.of(Return.ALL);
    }
    do {
      String word = in.keyword();
      try {
        wanted.add(Return.valueOf(word));
      } catch (IllegalArgumentException e) {
        throw in.expected("MIN, MAX, ALL or COUNT; " + word + " is none of them");
      }
    } while (in.skip(' '));
    in.expect(')');
    return wanted;
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, IOException {
    MailboxView view = session.view();
    UidSet found =
        session.mail(mail -> mail.messages().search(session.mailbox(), view.resolve(key)));
    List<Long> known = new ArrayList<>();
    found.forEach(
        uid -> {
          int number = view.number(uid);
          if (number > 0) {
            known.add(uids ? uid : number);
          }
        });
    long[] numbers = known.stream().mapToLong(Long::longValue).toArray();
    out.write(
        returns.isPresent()
            ? esearch(session, numbers, returns.get())
            : new Response.Search(numbers));
    return Completion.ok("SEARCH completed");
  }

  private Response esearch(Session.Selected session, long[] numbers, Set<Return> wanted) {
    boolean any = numbers.length > 0;
    return new Response.Esearch(
        session.client().running(),
        uids,
        any && wanted.contains(Return.MIN) ? OptionalLong.of(numbers[0]) : OptionalLong.empty(),
        any && wanted.contains(Return.MAX)
            ? OptionalLong.of(numbers[numbers.length - 1])
            : OptionalLong.empty(),
        wanted.contains(Return.COUNT) ? OptionalLong.of(numbers.length) : OptionalLong.empty(),
        any && wanted.contains(Return.ALL) ? Optional.of(set(numbers)) : Optional.empty());
  }

  private static UidSet set(long[] numbers) {
    UidSet.Builder set = new UidSet.Builder();
    for (long number : numbers) {
      set.add(number);
    }
    return set.build();
  }
}
