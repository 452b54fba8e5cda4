package org.postrider.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postrider.protocol.Response;
import org.postrider.protocol.UidSet;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.SyntaxException;

/**
 * What of a search's result is wanted, and whether it is kept for {@code $}: what follows RETURN.
 *
 * @param options never empty
 * @rfc 4731 3.1, 5182 2, 5267 3.1
 */
record SearchReturns(Set<Option> options) {

  /** A word after RETURN. */
  enum Option {
    MIN,
    MAX,
    ALL,
    COUNT,
    SAVE
  }

  /** {@code "(" [search-return-opt *(SP search-return-opt)] ")"} */
  static SearchReturns read(CommandReader in) throws SyntaxException, IOException {
    in.expect('(');
    if (in.skip(')')) {
      return new SearchReturns(EnumSet.of(Option.ALL));
    }
    Set<Option> wanted = EnumSet.noneOf(Option.class);
    do {
      String word = in.keyword();
      try {
        wanted.add(Option.valueOf(word));
      } catch (IllegalArgumentException e) {
        throw in.expected("MIN, MAX, ALL, COUNT or SAVE; " + word + " is none of them");
      }
    } while (in.skip(' '));
    in.expect(')');
    return new SearchReturns(wanted);
  }

  boolean saves() {
    return options.contains(Option.SAVE);
  }

  /**
   * What is told.
   *
   * @param numbers of the messages that were found, in the order asked for
   * @return empty where they are only to be kept
   */
  Optional<Response> response(Session.Selected session, boolean uids, long[] numbers) {
    if (options.equals(EnumSet.of(Option.SAVE))) {
      return Optional.empty();
    }
    boolean any = numbers.length > 0;
    return Optional.of(
        new Response.Esearch(
            session.client().running(),
            uids,
            any && options.contains(Option.MIN)
                ? OptionalLong.of(numbers[0])
                : OptionalLong.empty(),
            any && options.contains(Option.MAX)
                ? OptionalLong.of(numbers[numbers.length - 1])
                : OptionalLong.empty(),
            options.contains(Option.COUNT) ? OptionalLong.of(numbers.length) : OptionalLong.empty(),
            any && options.contains(Option.ALL) ? Optional.of(numbers) : Optional.empty()));
  }

  /**
   * What {@code $} means from now on: MIN and MAX alone keep no more than they tell.
   *
   * @param found UIDs in the order asked for
   * @rfc 5182 2.4
   */
  UidSet saved(long[] found) {
    boolean all =
        options.contains(Option.ALL)
            || options.contains(Option.COUNT)
            || !(options.contains(Option.MIN) || options.contains(Option.MAX));
    UidSet.Builder saved = new UidSet.Builder();
    for (int i = 0; i < found.length; i++) {
      boolean isMin = i == 0 && options.contains(Option.MIN);
      boolean isMax = i == found.length - 1 && options.contains(Option.MAX);
      if (all || isMin || isMax) {
        saved.add(found[i]);
      }
    }
    return saved.build();
  }
}
