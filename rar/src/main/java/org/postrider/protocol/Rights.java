package org.postrider.protocol;

/**
 * A set of rights. Immutable.
 *
 * <p>RFC 2086 had two rights that are several by now, and that older clients go by: {@code c} is
 * {@code k}, {@code d} is {@code e}, {@code t} and {@code x} together. Both are understood where a
 * client says them, and told with each right that they stand for.
 *
 * @rfc 4314 2.1, 2.1.1
 */
public final class Rights {

  /** No right at all. */
  public static final Rights NONE = new Rights(0);

  /** All that is ever asked for: every right but {@code p}. */
  public static final Rights ALL = new Rights((1 << Right.values().length) - 1).minus(Right.POST);

  /** What {@code c} stands for. */
  public static final Rights OLD_CREATE = of(Right.CREATE);

  /** What {@code d} stands for. */
  public static final Rights OLD_DELETE =
      of(Right.EXPUNGE, Right.DELETE_MESSAGES, Right.DELETE_MAILBOX);

  private final int bits;

  private Rights(int bits) {
    this.bits = bits;
  }

  public static Rights of(Right... rights) {
    int bits = 0;
    for (Right right : rights) {
      bits |= right.bit();
    }
    return new Rights(bits);
  }

  /**
   * The rights that these letters name, in any order and number.
   *
   * @throws IllegalArgumentException where a letter names none, with a sentence for the client
   */
  public static Rights parse(String letters) {
    Rights rights = NONE;
    for (int i = 0; i < letters.length(); i++) {
      rights = rights.plus(parse(letters.charAt(i)));
    }
    return rights;
  }

  private static Rights parse(char letter) {
    if (letter == 'c') {
      return OLD_CREATE;
    }
    if (letter == 'd') {
      return OLD_DELETE;
    }
    for (Right right : Right.values()) {
      if (right.letter() == letter) {
        return of(right);
      }
    }
    boolean capital = letter >= 'A' && letter <= 'Z';
    throw new IllegalArgumentException(
        capital
            ? "Rights are lower-case letters."
            : "Rights are some of the letters lrswipkxteacd, and no others.");
  }

  public boolean has(Right right) {
    return (bits & right.bit()) != 0;
  }

  /** True where at least one of those is among these. */
  public boolean hasAnyOf(Rights others) {
    return (bits & others.bits) != 0;
  }

  public boolean hasAll(Rights others) {
    return (others.bits & ~bits) == 0;
  }

  public boolean isEmpty() {
    return bits == 0;
  }

  public Rights plus(Rights others) {
    return new Rights(bits | others.bits);
  }

  public Rights minus(Rights others) {
    return new Rights(bits & ~others.bits);
  }

  public Rights plus(Right right) {
    return new Rights(bits | right.bit());
  }

  public Rights minus(Right right) {
    return new Rights(bits & ~right.bit());
  }

  /** Their letters, in the order of the RFC. */
  public String letters() {
    StringBuilder letters = new StringBuilder();
    for (Right right : Right.values()) {
      if (has(right)) {
        letters.append(right.letter());
      }
    }
    return letters.toString();
  }

  /** Their letters as a client reads them: with {@code c} and {@code d} for older ones. */
  public String wireLetters() {
    return letters() + (hasAnyOf(OLD_CREATE) ? "c" : "") + (hasAnyOf(OLD_DELETE) ? "d" : "");
  }

  /** Those of the flags that somebody with these rights may change. */
  public Flags changeable(Flags flags) {
    Flags changeable = flags;
    if (!has(Right.WRITE)) {
      Flags others = Flags.NONE;
      for (SystemFlag flag : new SystemFlag[] {SystemFlag.SEEN, SystemFlag.DELETED}) {
        others = flags.has(flag) ? others.plus(flag) : others;
      }
      changeable = others;
    }
    if (!has(Right.SEEN)) {
      changeable = changeable.minus(SystemFlag.SEEN);
    }
    return has(Right.DELETE_MESSAGES) ? changeable : changeable.minus(SystemFlag.DELETED);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rights rights && bits == rights.bits;
  }

  @Override
  public int hashCode() {
    return bits;
  }

  @Override
  public String toString() {
    return letters();
  }
}
