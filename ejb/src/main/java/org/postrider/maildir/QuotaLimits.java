package org.postrider.maildir;

/**
 * How much mail an account may have, as Courier writes it: {@code 10000000S,1000C}.
 *
 * @param octets on disk; 0: any number
 * @param messages 0: any number
 */
public record QuotaLimits(long octets, long messages) {

  /** No limits. */
  public static final QuotaLimits NONE = new QuotaLimits(0, 0);

  public QuotaLimits {
    if (octets < 0 || messages < 0) {
      throw new IllegalArgumentException("limits are not below zero");
    }
  }

  /**
   * Reads Courier's form as leniently as Courier does: numbers followed by {@code S} or {@code C}
   * count, the last of each; anything else is passed over, a number without a letter included.
   *
   * @return {@link #NONE} where there is no such number
   */
  public static QuotaLimits parse(String text) {
    long octets = 0;
    long messages = 0;
    long number = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        number = digit(Math.max(0, number), c);
        continue;
      }
      if (number >= 0 && c == 'S') {
        octets = number;
      } else if (number >= 0 && c == 'C') {
        messages = number;
      }
      number = -1;
    }
    return new QuotaLimits(octets, messages);
  }

  /** The number with one more digit; it stops at what a {@code long} holds. */
  static long digit(long number, char digit) {
    int value = digit - '0';
    return number > (Long.MAX_VALUE - value) / 10 ? Long.MAX_VALUE : number * 10 + value;
  }

  /** True where nothing is limited. */
  public boolean isNone() {
    return octets == 0 && messages == 0;
  }

  /** True where so much is more than may be. */
  boolean isExceededBy(QuotaAmount amount) {
    return (octets > 0 && amount.octets() > octets)
        || (messages > 0 && amount.messages() > messages);
  }

  /** True where one of the two limits is used up to so many hundredths. */
  boolean isReachedBy(QuotaAmount amount, int percent) {
    return isReached(amount.octets(), octets, percent)
        || isReached(amount.messages(), messages, percent);
  }

  private static boolean isReached(long used, long limit, int percent) {
    return limit > 0 && used >= Math.ceil(limit / 100.0 * percent);
  }

  /** As it stands in line 1 of {@code maildirsize}. */
  @Override
  public String toString() {
    String storage = octets > 0 ? octets + "S" : "";
    String count = messages > 0 ? messages + "C" : "";
    return storage + (storage.isEmpty() || count.isEmpty() ? "" : ",") + count;
  }
}
