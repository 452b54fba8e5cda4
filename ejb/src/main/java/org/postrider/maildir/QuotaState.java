package org.postrider.maildir;

/**
 * An account's limits, and what it uses of them.
 *
 * @param used as counted; nothing is counted where there are no limits
 */
public record QuotaState(QuotaLimits limits, QuotaAmount used) {

  /** No limits. */
  static final QuotaState NONE = new QuotaState(QuotaLimits.NONE, QuotaAmount.NONE);
}
