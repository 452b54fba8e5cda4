package org.postrider.protocol;

import java.util.List;

/**
 * What a program reads in a status response, within the brackets.
 *
 * @rfc 3501 7.1, 4315 3, 5530 3
 */
public sealed interface ResponseCode {

  /** The codes that are one word. */
  enum Word implements ResponseCode {
    ALERT,
    ALREADYEXISTS,
    AUTHENTICATIONFAILED,
    AUTHORIZATIONFAILED,
    CANNOT,
    CLIENTBUG,
    CLOSED,
    CONTACTADMIN,
    EXPUNGEISSUED,
    INUSE,
    LIMIT,
    NONEXISTENT,
    NOPERM,
    OVERQUOTA,
    PARSE,
    PRIVACYREQUIRED,
    READ_ONLY,
    READ_WRITE,
    SERVERBUG,
    TOOBIG,
    TRYCREATE,
    UIDNOTSTICKY,
    UNAVAILABLE;

    /** The word on the wire: {@code READ-ONLY}, {@code UNKNOWN-CTE}. */
    public String wireName() {
      return name().replace('_', '-');
    }
  }

  record Capability(List<String> capabilities) implements ResponseCode {
    public Capability {
      capabilities = List.copyOf(capabilities);
    }
  }

  record BadCharset(List<String> supported) implements ResponseCode {
    public BadCharset {
      supported = List.copyOf(supported);
    }
  }

  /**
   * @param flags that a client may change for good
   * @param keywords true where it may make new keywords, {@code \*}
   */
  record PermanentFlags(Flags flags, boolean keywords) implements ResponseCode {}

  record UidNext(long uid) implements ResponseCode {}

  record UidValidity(long value) implements ResponseCode {}

  /**
   * @param number the first unseen message
   */
  record Unseen(long number) implements ResponseCode {}

  /**
   * Where appended messages went.
   *
   * @param uids in the order of the messages
   */
  record AppendUid(long uidValidity, UidSet uids) implements ResponseCode {}

  /**
   * Where copied messages went: the n-th of {@code source} became the n-th of {@code target}.
   *
   * @param uidValidity of the target
   */
  record CopyUid(long uidValidity, UidSet source, UidSet target) implements ResponseCode {}
}
