package org.postrider.maildir;

/**
 * So much mail: octets on disk and messages; below zero for mail that goes. Sums stop at the ends
 * of what a {@code long} holds, so that nobody's file makes a large number a small one.
 */
public record QuotaAmount(long octets, long messages) {

  /** Nothing. */
  public static final QuotaAmount NONE = new QuotaAmount(0, 0);

  /** Both together. */
  QuotaAmount plus(QuotaAmount other) {
    return new QuotaAmount(sum(octets, other.octets), sum(messages, other.messages));
  }

  /** And one message more. */
  QuotaAmount plusMessage(long itsOctets) {
    return new QuotaAmount(sum(octets, itsOctets), sum(messages, 1));
  }

  QuotaAmount negated() {
    return new QuotaAmount(-octets, -messages);
  }

  boolean isNone() {
    return octets == 0 && messages == 0;
  }

  boolean isNegative() {
    return octets < 0 || messages < 0;
  }

  private static long sum(long one, long other) {
    long sum = one + other;
    boolean overflown = ((one ^ sum) & (other ^ sum)) < 0;
    if (overflown) {
      return one < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
    }
    return Math.max(sum, -Long.MAX_VALUE);
  }
}
