package org.postrider.search;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postrider.message.AddressParser;
import org.postrider.message.DateField;
import org.postrider.message.HeaderFields;
import org.postrider.protocol.Address;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SearchKey.Dated;

/**
 * A key made ready to be asked of many messages, one after the other. Used by one thread.
 *
 * <p>Of several keys the cheaper ones are asked first: flags and dates, then what is in the header,
 * then what is in the body. A message's file is opened at most once and only where it has to be;
 * its header is read at most once for all keys that ask of it, and so is its body.
 *
 * @rfc 3501 6.4.4
 */
public final class Search {

  private static final int KNOWN = 1;
  private static final int SIZE = 10;
  private static final int IN_HEADER = 1_000;
  private static final int IN_BODY = 1_000_000;

  /** A question, and about what it costs to answer. */
  private record Question(Test test, long cost) {}

  private interface Test {
    boolean on(Message message) throws IOException;
  }

  /** A text in a header field. Answered together with all others, when the header is read. */
  private static final class HeaderKey {
    final String field;

    /** Null: the field is there at all. */
    final TextMatcher text;

    boolean there;

    HeaderKey(String field, String text) {
      this.field = field;
      this.text = text.isEmpty() ? null : new TextMatcher(text);
    }
  }

  private final List<HeaderKey> headerKeys = new ArrayList<>();
  private final List<TextMatcher> bodyKeys = new ArrayList<>();
  private final List<TextMatcher> textKeys = new ArrayList<>();
  private boolean sentAsked;
  private final Question question;

  private static final Set<String> ADDRESS_FIELDS = Set.of("from", "to", "cc", "bcc");

  /** As many of one field as an envelope shows, about. */
  private static final int MOST_ADDRESSES = 10_000;

  private Search(SearchKey key) {
    question = question(key);
  }

  /**
   * @param key without {@code SearchKey.Messages}: numbers are the session's knowledge
   */
  public static Search of(SearchKey key) {
    return new Search(key);
  }

  /**
   * Whether the key is true of a message.
   *
   * @throws IOException where its file can't be opened or read
   */
  public boolean matches(SearchableMessage message) throws IOException {
    try (Message asked = new Message(message)) {
      return question.test().on(asked);
    }
  }

  private Question question(SearchKey key) {
    return switch (key) {
      case SearchKey.All all -> new Question(message -> true, 0);
      case SearchKey.Messages messages ->
          throw new IllegalArgumentException("message numbers are to be UIDs before a search");
      case SearchKey.Uids uids ->
          new Question(message -> uids.uids().contains(message.known.uid()), KNOWN);
      case SearchKey.Flagged flagged ->
          new Question(message -> message.known.flags().has(flagged.flag()), KNOWN);
      case SearchKey.Keyword keyword ->
          new Question(message -> message.known.flags().hasKeyword(keyword.keyword()), KNOWN);
      case SearchKey.Not not -> {
        Question inner = question(not.key());
        yield new Question(message -> !inner.test().on(message), inner.cost());
      }
      case SearchKey.Or or -> {
        List<Question> cheapestFirst = cheapestFirst(List.of(or.left(), or.right()));
        Test first = cheapestFirst.getFirst().test();
        Test second = cheapestFirst.getLast().test();
        yield new Question(message -> first.on(message) || second.on(message), cost(cheapestFirst));
      }
      case SearchKey.And and -> {
        List<Question> cheapestFirst = cheapestFirst(and.keys());
        yield new Question(message -> all(cheapestFirst, message), cost(cheapestFirst));
      }
      case SearchKey.Larger larger ->
          new Question(message -> message.known.wireSize() > larger.octets(), SIZE);
      case SearchKey.Smaller smaller ->
          new Question(message -> message.known.wireSize() < smaller.octets(), SIZE);
      case Dated dated when dated.sent() -> {
        sentAsked = true;
        yield new Question(message -> compares(dated, message.sentDate()), IN_HEADER);
      }
      case Dated dated ->
          new Question(
              message -> compares(dated, Optional.of(message.known.internalDate())), KNOWN);
      case SearchKey.Arrived arrived ->
          new Question(
              message -> arrived.includes(message.known.internalDate().toInstant()), KNOWN);
      case SearchKey.Header header -> {
        HeaderKey headerKey = new HeaderKey(header.field().toLowerCase(Locale.ROOT), header.text());
        headerKeys.add(headerKey);
        yield new Question(
            message -> {
              message.readHeader();
              return headerKey.there;
            },
            IN_HEADER);
      }
      case SearchKey.Body body -> inBody(body.text(), false);
      case SearchKey.Text text -> inBody(text.text(), true);
    };
  }

  private Question inBody(String text, boolean alsoInHeader) {
    if (text.isEmpty()) {
      // Every text holds the empty one.
      return new Question(message -> true, 0);
    }
    TextMatcher matcher = new TextMatcher(text);
    (alsoInHeader ? textKeys : bodyKeys).add(matcher);
    return new Question(
        message -> {
          if (alsoInHeader) {
            message.readHeader();
          }
          if (!alsoInHeader || !matcher.found()) {
            message.readBody();
          }
          return matcher.found();
        },
        IN_BODY);
  }

  private List<Question> cheapestFirst(List<SearchKey> keys) {
    List<Question> questions = new ArrayList<>();
    for (SearchKey key : keys) {
      questions.add(question(key));
    }
    questions.sort(Comparator.comparingLong(Question::cost));
    return questions;
  }

  private static long cost(List<Question> questions) {
    return questions.stream().mapToLong(Question::cost).sum();
  }

  private static boolean all(List<Question> questions, Message message) throws IOException {
    for (Question asked : questions) {
      if (!asked.test().on(message)) {
        return false;
      }
    }
    return true;
  }

  /**
   * By the date as it is told there, without time and zone; a message without a date is on none.
   */
  private static boolean compares(Dated key, Optional<OffsetDateTime> date) {
    if (date.isEmpty()) {
      return false;
    }
    LocalDate day = date.get().toLocalDate();
    return switch (key.comparison()) {
      case BEFORE -> day.isBefore(key.date());
      case ON -> day.equals(key.date());
      case SINCE -> !day.isBefore(key.date());
    };
  }

  /** One message while it is asked, and what has been read of it. */
  private final class Message implements AutoCloseable {
    final SearchableMessage known;
    private FileChannel file;
    private boolean headerRead;
    private boolean bodyRead;
    private Optional<OffsetDateTime> sent = Optional.empty();

    Message(SearchableMessage known) {
      this.known = known;
    }

    private FileChannel file() throws IOException {
      if (file == null) {
        file = known.open();
      }
      return file;
    }

    Optional<OffsetDateTime> sentDate() throws IOException {
      readHeader();
      return sent;
    }

    /** Answers all keys that ask of the header. */
    void readHeader() throws IOException {
      if (headerRead) {
        return;
      }
      headerRead = true;
      for (HeaderKey key : headerKeys) {
        key.there = false;
        if (key.text != null) {
          key.text.reset();
        }
      }
      textKeys.forEach(TextMatcher::reset);
      try (HeaderFields fields = HeaderFields.of(file(), TextSearch.MAX_FIELD)) {
        while (fields.next()) {
          field(fields);
        }
      }
    }

    private void field(HeaderFields field) {
      String name = field.name().toLowerCase(Locale.ROOT);
      String value = null;
      for (HeaderKey key : headerKeys) {
        if (!key.there && key.field.equals(name)) {
          if (key.text == null) {
            key.there = true;
          } else {
            value = value == null ? TextSearch.decodedValue(field) : value;
            key.text.text(value);
            if (!key.text.found() && ADDRESS_FIELDS.contains(name) && isWrittenApart(value)) {
              addresses(field.value(), key.text);
            }
            key.there = key.text.found();
          }
        }
      }
      if (textKeys.stream().anyMatch(matcher -> !matcher.found())) {
        String text = TextSearch.searchable(field);
        textKeys.forEach(matcher -> matcher.text(text));
      }
      if (sentAsked && sent.isEmpty() && name.equals("date")) {
        sent = DateField.parse(field.value());
      }
    }

    /** Whether addresses may stand in it other than as {@code local@domain}. */
    private static boolean isWrittenApart(String value) {
      return value.indexOf('(') >= 0
          || value.indexOf('"') >= 0
          || value.contains("@ ")
          || value.contains(" @");
    }

    /** Asks of the addresses as the envelope has them: without comments, quotes and spaces. */
    private static void addresses(String value, TextMatcher matcher) {
      for (Address address : AddressParser.parse(value, MOST_ADDRESSES)) {
        if (address.mailbox() != null && address.host() != null) {
          matcher.text(address.mailbox() + "@" + address.host());
        }
      }
    }

    /**
     * Answers all keys that ask of the body, and those that ask of the whole text but were not
     * found in the header.
     */
    void readBody() throws IOException {
      if (bodyRead) {
        return;
      }
      bodyRead = true;
      if (!textKeys.isEmpty()) {
        readHeader();
      }
      bodyKeys.forEach(TextMatcher::reset);
      TextSearch search = new TextSearch(file(), bodyKeys, textKeys);
      search.message(known.structure(file()).message());
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }
}
