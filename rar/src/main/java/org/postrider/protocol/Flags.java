package org.postrider.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The flags of one message: system flags and keywords. Immutable. Keywords are equal whatever their
 * case, and keep the spelling they were first seen in.
 *
 * @rfc 3501 2.3.2
 */
public final class Flags {

  /** No flag at all. */
  public static final Flags NONE = new Flags(0, Collections.emptySortedSet());

  private static final Flags[] SYSTEM_ONLY = new Flags[1 << SystemFlag.values().length];

  static {
    for (int bits = 0; bits < SYSTEM_ONLY.length; bits++) {
      SYSTEM_ONLY[bits] = bits == 0 ? NONE : new Flags(bits, Collections.emptySortedSet());
    }
  }

  private final int bits;
  private final SortedSet<String> keywords;

  private Flags(int bits, SortedSet<String> keywords) {
    this.bits = bits;
    this.keywords = keywords;
  }

  /** The given system flags and no keyword. */
  public static Flags of(SystemFlag... flags) {
    int bits = 0;
    for (SystemFlag flag : flags) {
      bits |= flag.bit();
    }
    return SYSTEM_ONLY[bits];
  }

  /** The given keywords (any number, any case) and no system flag. */
  public static Flags ofKeywords(Iterable<String> keywords) {
    return NONE.withKeywords(keywords);
  }

  /** These system flags, with exactly the given keywords. */
  public Flags withKeywords(Iterable<String> keywords) {
    SortedSet<String> sorted = null;
    for (String keyword : keywords) {
      if (sorted == null) {
        sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      }
      sorted.add(keyword);
    }
    return build(bits, sorted);
  }

  public boolean has(SystemFlag flag) {
    return (bits & flag.bit()) != 0;
  }

  public boolean hasKeyword(String keyword) {
    return keywords.contains(keyword);
  }

  /** Keywords in case-insensitive order; empty where there is none. */
  public SortedSet<String> keywords() {
    return keywords;
  }

  public boolean isEmpty() {
    return bits == 0 && keywords.isEmpty();
  }

  /** All flags of both; where a keyword is in both, this object's spelling stays. */
  public Flags plus(Flags other) {
    if (other.keywords.isEmpty()) {
      return build(bits | other.bits, keywords);
    }
    if (keywords.isEmpty()) {
      return build(bits | other.bits, other.keywords);
    }
    SortedSet<String> both = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    both.addAll(keywords);
    both.addAll(other.keywords);
    return build(bits | other.bits, both);
  }

  /** These flags without those of the other. */
  public Flags minus(Flags other) {
    if (other.keywords.isEmpty() || keywords.isEmpty()) {
      return build(bits & ~other.bits, keywords);
    }
    SortedSet<String> rest = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    rest.addAll(keywords);
    rest.removeAll(other.keywords);
    return build(bits & ~other.bits, rest);
  }

  public Flags plus(SystemFlag flag) {
    return build(bits | flag.bit(), keywords);
  }

  public Flags minus(SystemFlag flag) {
    return build(bits & ~flag.bit(), keywords);
  }

  /** The names on the wire: system flags first. */
  public List<String> wireNames() {
    List<String> names = new ArrayList<>();
    for (SystemFlag flag : SystemFlag.values()) {
      if (has(flag)) {
        names.add(flag.wireName());
      }
    }
    names.addAll(keywords);
    return names;
  }

  private static Flags build(int bits, SortedSet<String> keywords) {
    if (keywords == null || keywords.isEmpty()) {
      return SYSTEM_ONLY[bits];
    }
    return new Flags(bits, Collections.unmodifiableSortedSet(keywords));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Flags flags
        && bits == flags.bits
        && keywords.size() == flags.keywords.size()
        && keywords.containsAll(flags.keywords);
  }

  @Override
  public int hashCode() {
    int hash = bits;
    for (String keyword : keywords) {
      hash = 31 * hash + keyword.toLowerCase(Locale.ROOT).hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    return "(" + String.join(" ", wireNames()) + ")";
  }
}
