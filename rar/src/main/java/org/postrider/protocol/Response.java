package org.postrider.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A line (or, with literals, several) from the server.
 *
 * @rfc 3501 7
 */
public sealed interface Response {

  /** How it went. */
  enum Condition {
    OK,
    NO,
    BAD,
    BYE,
    PREAUTH
  }

  /**
   * An untagged or tagged status.
   *
   * @param tag empty for an untagged one
   * @param code empty where there is none
   * @param text for people; one line, never empty
   */
  record Status(Optional<Tag> tag, Condition condition, Optional<ResponseCode> code, String text)
      implements Response {

    public static Status untagged(Condition condition, ResponseCode code, String text) {
      return new Status(Optional.empty(), condition, Optional.ofNullable(code), text);
    }

    public static Status ok(ResponseCode code, String text) {
      return untagged(Condition.OK, code, text);
    }

    public static Status bye(ResponseCode code, String text) {
      return untagged(Condition.BYE, code, text);
    }
  }

  /** {@code +}: go on. The text is a challenge in base64, or for people. */
  record Continuation(String text) implements Response {}

  record Capability(List<String> capabilities) implements Response {
    public Capability {
      capabilities = List.copyOf(capabilities);
    }
  }

  record Enabled(List<String> capabilities) implements Response {
    public Enabled {
      capabilities = List.copyOf(capabilities);
    }
  }

  /**
   * A mailbox in LIST or LSUB.
   *
   * @param attributes with their backslashes
   * @param name as the client sees it; empty for the root that {@code LIST "" ""} asks for
   */
  record Mailbox(boolean lsub, List<String> attributes, String name) implements Response {
    public Mailbox {
      attributes = List.copyOf(attributes);
    }
  }

  record MailboxStatus(MailboxName name, Map<StatusItem, Long> items) implements Response {}

  /** Limits and use of a quota root: RFC 9208 section 4.2.1. */
  record Quota(QuotaRoot root) implements Response {}

  /**
   * The names of the quota roots that hold for a mailbox.
   *
   * @rfc 9208 4.2.2
   */
  record QuotaRoots(MailboxName name, List<String> roots) implements Response {
    public QuotaRoots {
      roots = List.copyOf(roots);
    }
  }

  /**
   * @param prefixes of the personal namespace, other users', shared: an empty list is NIL
   * @rfc 2342 5
   */
  record Namespace(List<String> personal, List<String> otherUsers, List<String> shared)
      implements Response {}

  /**
   * The access list of a mailbox.
   *
   * @rfc 4314 3.6
   */
  record Acl(MailboxName name, List<Entry> entries) implements Response {

    /** Whom, and what. */
    public record Entry(AccessIdentifier identifier, Rights rights) {}

    public Acl {
      entries = List.copyOf(entries);
    }
  }

  /**
   * @param identifier as the client said it
   * @param always rights that it has in any case
   * @param optional rights that can be granted, each for itself
   * @rfc 4314 3.7
   */
  record ListRights(MailboxName name, String identifier, Rights always, Rights optional)
      implements Response {}

  /**
   * @rfc 4314 3.8
   */
  record MyRights(MailboxName name, Rights rights) implements Response {}

  record Id(Map<String, String> fields) implements Response {}

  /** {@code * SEARCH}: numbers or UIDs. */
  record Search(long[] numbers) implements Response {}

  /**
   * {@code * SORT}: numbers or UIDs, in the order asked for.
   *
   * @rfc 5256 4
   */
  record Sort(long[] numbers) implements Response {}

  /**
   * {@code * THREAD}: numbers or UIDs.
   *
   * @rfc 5256 4
   */
  record Thread(MessageThreads threads) implements Response {}

  /**
   * {@code * ESEARCH}.
   *
   * @param min, max absent where nothing was found or they were not asked for
   * @param all in the order of the mailbox or the one asked for; absent where nothing was found or
   *     it was not asked for
   * @rfc 4731 3.1, 5267 3.1
   */
  record Esearch(
      Tag tag,
      boolean uids,
      OptionalLong min,
      OptionalLong max,
      OptionalLong count,
      Optional<long[]> all)
      implements Response {}

  /** {@code * FLAGS}: what flags there are in this mailbox. */
  record MailboxFlags(Flags flags) implements Response {}

  record Exists(long messages) implements Response {}

  record Recent(long messages) implements Response {}

  record Expunge(long number) implements Response {}

  record Fetch(long number, List<FetchData> data) implements Response {
    public Fetch {
      data = List.copyOf(data);
    }
  }
}
