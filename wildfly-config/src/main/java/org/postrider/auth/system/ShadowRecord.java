package org.postrider.auth.system;

import java.util.Optional;

/**
 * What shadow(5) says of a user. Days are counted from 1970-01-01; -1 where nothing is set.
 *
 * @param name the user name
 * @param hash the password's; an exclamation mark before it locks it
 * @param changed the day of its last change
 * @param validDays how many days it holds
 * @param expires the day on which the account ends
 */
record ShadowRecord(String name, String hash, long changed, long validDays, long expires) {

  private static final int COLUMNS_MIN = 2;

  /** Says nothing of the hash. */
  @Override
  public String toString() {
    return "ShadowRecord[" + name + "]";
  }

  /**
   * Reads {@code name:hash:changed:min:max:warn:inactive:expires:}; empty if it is no such line.
   */
  static Optional<ShadowRecord> parse(String line) {
    String[] column = line.split(":", 10);
    return column.length < COLUMNS_MIN
        ? Optional.empty()
        : Optional.of(
            new ShadowRecord(
                column[0], column[1], days(column, 2), days(column, 4), days(column, 7)));
  }

  private static long days(String[] column, int index) {
    return index < column.length ? PasswdFile.number(column[index]) : -1;
  }

  /** Whether the account has ended. */
  boolean isExpired(long today) {
    return expires > 0 && today > expires;
  }

  /** Whether the password had to be changed before today. */
  boolean isPasswordExpired(long today) {
    return changed >= 0 && validDays >= 0 && changed + validDays < today;
  }
}
