package org.postrider.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SearchKey.Dated.Comparison;
import org.postrider.protocol.SystemFlag;
import org.postrider.wire.CommandReader;
import org.postrider.wire.SyntaxException;

/**
 * Reads what SEARCH looks for: {@code search-key} of RFC 3501 section 9. Its recursion is bounded
 * by the limits.
 */
final class SearchKeyReader {

  /** Some that are known, for a client that named another. */
  static final List<String> CHARSETS = List.of("UTF-8", "US-ASCII", "ISO-8859-1", "WINDOWS-1252");

  private final CommandReader in;
  private final Charset charset;
  private final boolean named;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private int depth;
  private int count;

  /** Most keys in one search: each may read every message. */
  private static final int MAX_KEYS = 1000;

  /**
   * @param charset that the client named; empty: UTF-8
   */
  SearchKeyReader(CommandReader in, Optional<Charset> charset) {
    this.in = in;
    this.named = charset.isPresent();
    this.charset = charset.orElse(StandardCharsets.UTF_8);
  }

  /** The charset of that name; empty where this server does not know it. */
  static Optional<Charset> charset(String name) {
    try {
      return Optional.of(Charset.forName(name));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  /** Keys up to the end of the line or of a list, all of which must match. */
  SearchKey keys(Optional<String> firstWord) throws SyntaxException, IOException {
    List<SearchKey> keys = new ArrayList<>();
    keys.add(firstWord.isPresent() ? named(firstWord.get()) : key());
    while (in.skip(' ')) {
      keys.add(key());
    }
    return keys.size() == 1 ? keys.getFirst() : new SearchKey.And(keys);
  }

  private SearchKey key() throws SyntaxException, IOException {
    if (++count > MAX_KEYS) {
      throw in.expected("at most " + MAX_KEYS + " search keys");
    }
    if (++depth > in.limits().nesting()) {
      throw in.expected("a search nested at most " + in.limits().nesting() + " levels deep");
    }
    try {
      if (in.skip('(')) {
        SearchKey list = keys(Optional.empty());
        in.expect(')');
        return list;
      }
      if (in.atDigit() || in.at('*') || in.at('$')) {
        return new SearchKey.Messages(in.messageSet(false));
      }
      return named(in.keyword());
    } finally {
      depth--;
    }
  }

  private SearchKey named(String word) throws SyntaxException, IOException {
    return switch (word) {
      case "ALL" -> new SearchKey.All();
      case "ANSWERED" -> has(SystemFlag.ANSWERED);
      case "DELETED" -> has(SystemFlag.DELETED);
      case "DRAFT" -> has(SystemFlag.DRAFT);
      case "FLAGGED" -> has(SystemFlag.FLAGGED);
      case "RECENT" -> has(SystemFlag.RECENT);
      case "SEEN" -> has(SystemFlag.SEEN);
      case "UNANSWERED" -> not(has(SystemFlag.ANSWERED));
      case "UNDELETED" -> not(has(SystemFlag.DELETED));
      case "UNDRAFT" -> not(has(SystemFlag.DRAFT));
      case "UNFLAGGED" -> not(has(SystemFlag.FLAGGED));
      case "UNSEEN" -> not(has(SystemFlag.SEEN));
      case "OLD" -> not(has(SystemFlag.RECENT));
      case "NEW" -> new SearchKey.And(List.of(has(SystemFlag.RECENT), not(has(SystemFlag.SEEN))));
      case "KEYWORD" -> keyword();
      case "UNKEYWORD" -> not(keyword());
      case "NOT" -> not();
      case "OR" -> or();
      case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, text());
      case "HEADER" -> header();
      case "BODY" -> new SearchKey.Body(text());
      case "TEXT" -> new SearchKey.Text(text());
      case "LARGER" -> new SearchKey.Larger(in.sp().number());
      case "SMALLER" -> new SearchKey.Smaller(in.sp().number());
      case "UID" -> new SearchKey.Messages(in.sp().messageSet(true));
      case "BEFORE" -> dated(false, Comparison.BEFORE);
      case "ON" -> dated(false, Comparison.ON);
      case "SINCE" -> dated(false, Comparison.SINCE);
      case "SENTBEFORE" -> dated(true, Comparison.BEFORE);
      case "SENTON" -> dated(true, Comparison.ON);
      case "SENTSINCE" -> dated(true, Comparison.SINCE);
      case "OLDER" -> arrived(true);
      case "YOUNGER" -> arrived(false);
      default -> throw in.expected("a search key; " + word + " is none");
    };
  }

  private static SearchKey has(SystemFlag flag) {
    return new SearchKey.Flagged(flag);
  }

  private static SearchKey not(SearchKey key) {
    return new SearchKey.Not(key);
  }

  private SearchKey not() throws SyntaxException, IOException {
    in.sp();
    return not(key());
  }

  private SearchKey or() throws SyntaxException, IOException {
    in.sp();
    SearchKey left = key();
    in.sp();
    return new SearchKey.Or(left, key());
  }

  private SearchKey keyword() throws SyntaxException, IOException {
    Flags flag = in.sp().flag();
    if (flag.keywords().size() != 1) {
      throw in.expected("a keyword without backslash");
    }
    return new SearchKey.Keyword(flag.keywords().first());
  }

  private SearchKey header() throws SyntaxException, IOException {
    String field = in.sp().astring();
    return new SearchKey.Header(field, text());
  }

  private SearchKey dated(boolean sent, Comparison comparison) throws SyntaxException, IOException {
    return new SearchKey.Dated(sent, comparison, in.sp().date());
  }

  /**
   * The interval ends now, for the whole of the search.
   *
   * @rfc 5032 2
   */
  private SearchKey arrived(boolean older) throws SyntaxException, IOException {
    return new SearchKey.Arrived(older, now.minusSeconds(in.sp().nzNumber()));
  }

  private String text() throws SyntaxException, IOException {
    byte[] octets = in.sp().astringOctets();
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      if (named) {
        throw new SyntaxException("A search text is not in " + charset.name() + ".");
      }
      // Jakarta Mail sends Latin-1 here and says nothing of a charset.
      return new String(octets, StandardCharsets.ISO_8859_1);
    }
  }
}
