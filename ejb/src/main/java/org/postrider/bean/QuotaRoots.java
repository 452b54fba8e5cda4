package org.postrider.bean;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.QuotaState;
import org.postrider.protocol.QuotaResource;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.QuotaUsage;

/** What accounts are told of quotas, under Courier's names for their roots. */
final class QuotaRoots {

  /** The root of an account's own mailboxes. */
  static final String OWN = "ROOT";

  /** The root of what others share by their access lists. */
  static final String VIRTUAL = "PUBLIC";

  /** Octets of a unit of storage. */
  static final long UNIT_OCTETS = 1024;

  private QuotaRoots() {}

  /** The account's own root. */
  static QuotaRoot own(Maildir maildir) throws IOException {
    QuotaState state = maildir.quota();
    List<QuotaUsage> usages = new ArrayList<>();
    if (state.limits().octets() > 0) {
      usages.add(
          new QuotaUsage(
              QuotaResource.STORAGE, units(state.used().octets()), units(state.limits().octets())));
    }
    if (state.limits().messages() > 0) {
      usages.add(
          new QuotaUsage(
              QuotaResource.MESSAGE,
              Math.max(0, state.used().messages()),
              state.limits().messages()));
    }
    return new QuotaRoot(OWN, usages);
  }

  /** The root of what others have, which is theirs to know: without limits. */
  static QuotaRoot ofOthers(String name) {
    return new QuotaRoot(name, List.of());
  }

  /** Units of 1,024 octets, as Courier rounds them: up. */
  private static long units(long octets) {
    return octets <= 0 ? 0 : (octets - 1) / UNIT_OCTETS + 1;
  }
}
