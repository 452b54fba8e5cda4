package org.postrider.mail;

import java.util.List;
import org.postrider.protocol.MailboxName;

/**
 * One mailbox of a list.
 *
 * @param attributes with their backslashes, {@code \HasNoChildren}
 */
public record MailboxEntry(MailboxName name, List<String> attributes) {
  public MailboxEntry {
    attributes = List.copyOf(attributes);
  }
}
