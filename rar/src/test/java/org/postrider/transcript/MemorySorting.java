package org.postrider.transcript;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.SortCriterion;
import org.postrider.protocol.SortKey;
import org.postrider.protocol.ThreadAlgorithm;

/**
 * SORT and THREAD of the store in memory: of messages with plain fields, in ASCII, without quotes
 * and comments.
 */
final class MemorySorting {

  private static final Pattern ADDRESS = Pattern.compile("(?:([^<,]*)<)?([^<>@, ]+)@([^<>, ]+)>?");
  private static final Pattern ID = Pattern.compile("<[^<>@ ]+@[^<>@ ]+>");

  private MemorySorting() {}

  static long[] sorted(NavigableMap<Long, MemoryMessage> found, List<SortCriterion> order) {
    List<Map.Entry<Long, MemoryMessage>> messages = new ArrayList<>(found.entrySet());
    Comparator<Map.Entry<Long, MemoryMessage>> comparator = Map.Entry.comparingByKey();
    for (SortCriterion criterion : order.reversed()) {
      Comparator<MemoryMessage> one = by(criterion.key());
      comparator =
          Map.Entry.<Long, MemoryMessage>comparingByValue(
                  criterion.reverse() ? one.reversed() : one)
              .thenComparing(comparator);
    }
    messages.sort(comparator);
    return messages.stream().mapToLong(Map.Entry::getKey).toArray();
  }

  private static Comparator<MemoryMessage> by(SortKey key) {
    return switch (key) {
      case ARRIVAL -> Comparator.comparingLong(message -> message.date.toEpochSecond());
      case DATE -> Comparator.comparingLong(MemorySorting::sent);
      case SIZE -> Comparator.comparingInt(message -> message.octets.length);
      case SUBJECT -> Comparator.comparing(message -> subject(message).text());
      case FROM -> Comparator.comparing(message -> address(message, "From", false));
      case TO -> Comparator.comparing(message -> address(message, "To", false));
      case CC -> Comparator.comparing(message -> address(message, "Cc", false));
      case DISPLAYFROM -> Comparator.comparing(message -> address(message, "From", true));
      case DISPLAYTO -> Comparator.comparing(message -> address(message, "To", true));
    };
  }

  static MessageThreads threads(
      NavigableMap<Long, MemoryMessage> found, ThreadAlgorithm algorithm) {
    List<NaiveThreads.Message> messages = new ArrayList<>();
    found.forEach(
        (uid, message) -> {
          List<String> references = ids(message.field("References"));
          if (references.isEmpty()) {
            references = ids(message.field("In-Reply-To")).stream().limit(1).toList();
          }
          messages.add(
              new NaiveThreads.Message(
                  uid,
                  sent(message),
                  message.date.toEpochSecond(),
                  subject(message).text(),
                  subject(message).reply(),
                  ids(message.field("Message-ID")).stream().findFirst().orElse(""),
                  references));
        });
    return NaiveThreads.of(algorithm, messages);
  }

  private static List<String> ids(String field) {
    return ID.matcher(field).results().map(result -> result.group()).toList();
  }

  /** Where letters are equal whatever their case. */
  private static NaiveSubject subject(MemoryMessage message) {
    return NaiveSubject.of(message.field("Subject").toUpperCase(Locale.ROOT));
  }

  private static long sent(MemoryMessage message) {
    try {
      return OffsetDateTime.parse(message.field("Date"), DateTimeFormatter.RFC_1123_DATE_TIME)
          .toEpochSecond();
    } catch (DateTimeException e) {
      return message.date.toEpochSecond();
    }
  }

  private static String address(MemoryMessage message, String field, boolean display) {
    Matcher address = ADDRESS.matcher(message.field(field));
    if (!address.find()) {
      return "";
    }
    String name = address.group(1) == null ? "" : address.group(1).strip();
    String text =
        !display
            ? address.group(2)
            : name.isEmpty() ? address.group(2) + "@" + address.group(3) : name;
    return text.toUpperCase(Locale.ROOT);
  }
}
