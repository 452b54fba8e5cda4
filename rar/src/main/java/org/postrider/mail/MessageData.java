package org.postrider.mail;

import java.util.List;
import org.postrider.protocol.FetchData;

/**
 * What was asked of one message, in the order it was asked.
 *
 * @param data without the UID, which the session adds; flags without {@code \Recent}, likewise
 */
public record MessageData(long uid, List<FetchData> data) {
  public MessageData {
    data = List.copyOf(data);
  }
}
