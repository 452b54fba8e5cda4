package org.postrider.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postrider.protocol.MessageSet;

/**
 * Reads the messages that a command names.
 *
 * @rfc 3501 9, 5182 3 ({@code sequence-set})
 */
final class MessageSetReader {

  private MessageSetReader() {}

  static MessageSet read(CommandReader in, boolean uids) throws SyntaxException, IOException {
    if (in.skip('$')) {
      return MessageSet.saved(uids);
    }
    List<MessageSet.Range> ranges = new ArrayList<>();
    do {
      long first = number(in);
      long last = in.skip(':') ? number(in) : first;
      ranges.add(new MessageSet.Range(first, last));
    } while (in.skip(','));
    return new MessageSet(ranges, uids);
  }

  private static long number(CommandReader in) throws SyntaxException, IOException {
    return in.skip('*') ? MessageSet.Range.STAR : in.nzNumber();
  }
}
