package org.postrider.connector;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postrider.session.Policy;

/**
 * Who may connect, and with which settings: the lines of Courier's access file. Of all keys that an
 * address begins with, the longest alone counts; an address without any may connect. Immutable.
 *
 * <pre>
 * key TAB deny
 * key TAB allow
 * key TAB allow,NAME=value,NAME=value
 * </pre>
 *
 * @see AddressPrefix
 */
final class AccessRules {

  private static final System.Logger LOG = System.getLogger(AccessRules.class.getName());

  /** Everybody may connect, and nobody is anything special. */
  static final AccessRules NONE = new AccessRules();

  private static final int MOST = 100_000;

  /** Settings that a line can have: those about the connection and the way in. */
  private static final Pattern OBEYED =
      Pattern.compile(
          "MAXCPERIP|IMAP_TLS_REQUIRED|IMAP_CAPABILITY(_TLS)?|DEFDOMAIN|DOMAINSEP|TLS_EXTERNAL"
              + "|AUTHSERVICE[0-9]+|IMAP_PROXY|PROXY_HOSTNAME|IMAP_ACL|IMAP_ID_FIELDS"
              + "|IMAP_OBSOLETE_CLIENT");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * What holds for some addresses.
   *
   * @param policy where the line has settings
   * @param connections {@code MAXCPERIP}: most connections from one of them
   */
  record Rule(boolean allowed, Optional<Policy> policy, Optional<Integer> connections) {
    static final Rule ALLOWED = new Rule(true, Optional.empty(), Optional.empty());
    static final Rule DENIED = new Rule(false, Optional.empty(), Optional.empty());
  }

  private final Map<AddressPrefix, Rule> rules = new HashMap<>();
  private final NavigableSet<Integer> lengths = new TreeSet<>(Collections.reverseOrder());
  private final NavigableSet<Integer> lengthsOfV6 = new TreeSet<>(Collections.reverseOrder());
  private final Map<Map<String, String>, Rule> seen = new HashMap<>();
  private Rule others = Rule.ALLOWED;
  private boolean othersSaid;

  private AccessRules() {}

  /**
   * Reads lines, in their order.
   *
   * @param policies what settings of a line make of the server's own
   * @throws IllegalArgumentException with the number of the line, and what is wrong with it
   */
  static AccessRules parse(Iterable<String> lines, Function<Map<String, String>, Policy> policies) {
    AccessRules rules = new AccessRules();
    int number = 0;
    for (String line : lines) {
      number++;
      try {
        rules.add(line.strip(), policies);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
      }
    }
    rules.seen.clear();
    return rules;
  }

  private void add(String line, Function<Map<String, String>, Policy> policies) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] parts = line.split("\\s+", 2);
    if (parts.length < 2) {
      throw new IllegalArgumentException("after the address comes allow or deny");
    }
    Rule rule = rule(parts[1], policies);
    if (parts[0].equals("*")) {
      if (othersSaid) {
        throw twice(parts[0]);
      }
      othersSaid = true;
      others = rule;
      return;
    }
    AddressPrefix prefix = AddressPrefix.parse(parts[0]);
    if (rules.size() == MOST) {
      throw new IllegalArgumentException("there are more than " + MOST + " addresses");
    }
    if (rules.putIfAbsent(prefix, rule) != null) {
      throw twice(parts[0]);
    }
    (prefix.v6() ? lengthsOfV6 : lengths).add(prefix.length());
  }

  private static IllegalArgumentException twice(String key) {
    return new IllegalArgumentException(key + " is there twice");
  }

  private Rule rule(String value, Function<Map<String, String>, Policy> policies) {
    String[] words = value.strip().split(",");
    if (words[0].equals("deny")) {
      return Rule.DENIED;
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0 && NAME.matcher(word.substring(0, equals)).matches()) {
        variables.put(word.substring(0, equals), word.substring(equals + 1).strip());
      } else if (!word.equals("allow")) {
        throw new IllegalArgumentException(
            "\"" + value + "\" is not deny, allow, or allow,NAME=value");
      }
    }
    return variables.isEmpty()
        ? Rule.ALLOWED
        : seen.computeIfAbsent(variables, same -> special(same, policies));
  }

  private static Rule special(
      Map<String, String> variables, Function<Map<String, String>, Policy> policies) {
    for (String name : variables.keySet()) {
      if (!OBEYED.matcher(name).matches()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "IMAPACCESSFILE: the setting " + name + " is the same for all clients here");
      }
    }
    Map<String, String> settings = new HashMap<>(variables);
    settings.keySet().removeIf(name -> !OBEYED.matcher(name).matches());
    Optional<Integer> connections =
        Optional.ofNullable(settings.remove("MAXCPERIP")).map(AccessRules::number);
    return new Rule(
        true,
        settings.isEmpty() ? Optional.empty() : Optional.of(policies.apply(settings)),
        connections);
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("MAXCPERIP is " + text + "; it is a number", e);
    }
    throw new IllegalArgumentException("MAXCPERIP is " + text + "; it is a number from 1");
  }

  /** What holds for an address. */
  Rule of(InetAddress client) {
    for (int length : client instanceof Inet4Address ? lengths : lengthsOfV6) {
      Rule rule = rules.get(AddressPrefix.of(client, length));
      if (rule != null) {
        return rule;
      }
    }
    return others;
  }
}
