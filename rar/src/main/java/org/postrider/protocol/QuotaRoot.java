package org.postrider.protocol;

import java.util.List;

/**
 * A set of mailboxes with common limits.
 *
 * @param name for clients without meaning
 * @param usages of what is limited; empty where nothing is
 * @rfc 9208 3.2
 */
public record QuotaRoot(String name, List<QuotaUsage> usages) {
  public QuotaRoot {
    usages = List.copyOf(usages);
  }
}
