package org.postrider.auth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The options of one account, as Courier writes them: {@code
 * disableimap=1,group=staff,group=sales}. Names are case sensitive, the order is kept, a name may
 * come more than once, and a name without {@code =} has the empty value.
 *
 * @param values each name with its values in the order written, never empty
 */
public record AccountOptions(Map<String, List<String>> values) {

  /** No options at all. */
  public static final AccountOptions NONE = new AccountOptions(Map.of());

  /** Copies what it is given. */
  public AccountOptions {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((name, list) -> copy.put(Objects.requireNonNull(name), List.copyOf(list)));
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads a comma list. Blanks around an option and empty options are dropped; nothing is refused.
   *
   * @param text the list, possibly empty
   */
  public static AccountOptions parse(String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      String option = part.strip();
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (!name.isEmpty()) {
        values
            .computeIfAbsent(name, unused -> new ArrayList<>())
            .add(equals < 0 ? "" : option.substring(equals + 1));
      }
    }
    return values.isEmpty() ? NONE : new AccountOptions(values);
  }

  /**
   * These options, and those of {@code defaults} whose names are missing here: Courier's {@code
   * DEFAULTOPTIONS}.
   *
   * @param defaults what holds for an account that says nothing else
   */
  public AccountOptions withDefaults(AccountOptions defaults) {
    if (defaults.values.isEmpty()) {
      return this;
    }
    Map<String, List<String>> all = new LinkedHashMap<>(values);
    defaults.values.forEach(all::putIfAbsent);
    return new AccountOptions(all);
  }

  /**
   * The first value of an option, which is the one that counts; empty if the option is not there.
   */
  public Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /**
   * Every value of an option that may be repeated, such as {@code group}; an empty list if it is
   * not there.
   */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /**
   * Whether an option such as {@code disableimap} is on, by Courier's rule: a number other than 0,
   * or a word that begins with {@code t} or {@code y} in either case. A bare name is off.
   */
  public boolean isOn(String name) {
    String value = first(name).orElse("").strip();
    if (value.isEmpty()) {
      return false;
    }
    int digits = value.charAt(0) == '-' || value.charAt(0) == '+' ? 1 : 0;
    for (int i = digits; i < value.length() && isDigit(value.charAt(i)); i++) {
      if (value.charAt(i) != '0') {
        return true;
      }
    }
    return "tTyY".indexOf(value.charAt(0)) >= 0;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /** The groups of the account, for access lists. */
  public List<String> groups() {
    return all("group");
  }

  /** The options as Courier writes them. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .flatMap(
            option ->
                option.getValue().stream()
                    .map(
                        value -> value.isEmpty() ? option.getKey() : option.getKey() + "=" + value))
        .collect(Collectors.joining(","));
  }
}
