package org.postrider.session;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which clients' mistake is put up with.
 *
 * @param workaround what is done about it
 * @param clients any of these
 */
public record WorkaroundRule(Workaround workaround, List<Clients> clients) {

  /** Longer than any real setting; every connection goes through the rules. */
  private static final int MOST_CLIENTS = 200;

  public WorkaroundRule {
    clients = List.copyOf(clients);
  }

  /** Some clients, by what the server can know of them. */
  sealed interface Clients {
    boolean include(InetAddress address, Map<String, String> id);
  }

  /** All of them. */
  record Everybody() implements Clients {
    @Override
    public boolean include(InetAddress address, Map<String, String> id) {
      return true;
    }
  }

  /**
   * Those that call themselves so by ID.
   *
   * @param name how the name begins that they give, in small letters
   */
  record Named(String name) implements Clients {
    @Override
    public boolean include(InetAddress address, Map<String, String> id) {
      return id.entrySet().stream()
          .filter(field -> field.getKey().equalsIgnoreCase("name"))
          .anyMatch(field -> field.getValue().toLowerCase(Locale.ROOT).startsWith(name));
    }
  }

  /**
   * Those of a network.
   *
   * @param network an address in it
   * @param bits how many of its bits they have in common
   */
  record From(InetAddress network, int bits) implements Clients {
    @Override
    public boolean include(InetAddress address, Map<String, String> id) {
      byte[] ours = network.getAddress();
      byte[] theirs = address.getAddress();
      if (ours.length != theirs.length) {
        return false;
      }
      int whole = bits / 8;
      int rest = bits % 8;
      return Arrays.equals(ours, 0, whole, theirs, 0, whole)
          && (rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xFF) >> (8 - rest) == 0);
    }
  }

  /** True where the client is one of them. */
  boolean appliesTo(InetAddress address, Map<String, String> id) {
    return clients.stream().anyMatch(some -> some.include(address, id));
  }

  /**
   * Reads {@code unquoted-login: 10.1.0.0/16, fd00::/8; plain-parameters: id=StarOffice, always}.
   *
   * @throws IllegalArgumentException with a sentence for the administrator
   */
  public static List<WorkaroundRule> parse(String setting) {
    List<WorkaroundRule> rules = new ArrayList<>();
    for (String text : setting.split(";")) {
      if (!text.isBlank()) {
        rules.add(rule(setting, text));
      }
    }
    if (rules.stream().mapToInt(rule -> rule.clients().size()).sum() > MOST_CLIENTS) {
      throw wrong(setting, "it may name " + MOST_CLIENTS + " clients");
    }
    return rules;
  }

  private static WorkaroundRule rule(String setting, String text) {
    int colon = text.indexOf(':');
    String word = (colon < 0 ? text : text.substring(0, colon)).strip();
    Workaround workaround =
        Workaround.of(word)
            .orElseThrow(() -> wrong(setting, "there is no workaround \"" + word + "\""));
    if (colon < 0) {
      throw wrong(setting, "\"" + word + "\" does not say for whom it is");
    }
    List<Clients> clients = new ArrayList<>();
    for (String some : text.substring(colon + 1).split(",")) {
      clients.add(clients(setting, some.strip()));
    }
    return new WorkaroundRule(workaround, clients);
  }

  private static Clients clients(String setting, String text) {
    if (text.equals("always")) {
      return new Everybody();
    }
    if (text.startsWith("id=") && text.length() > 3) {
      return new Named(text.substring(3).toLowerCase(Locale.ROOT));
    }
    try {
      int slash = text.indexOf('/');
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int all = address.getAddress().length * 8;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      if (bits >= 0 && bits <= all) {
        return new From(address, bits);
      }
    } catch (IllegalArgumentException e) {
      throw wrong(setting, "\"" + text + "\" names no clients");
    }
    throw wrong(setting, "\"" + text + "\" names no clients");
  }

  private static IllegalArgumentException wrong(String setting, String why) {
    return new IllegalArgumentException(
        "imap.workarounds is "
            + setting
            + ": "
            + why
            + "; it is written as unquoted-login: 10.1.0.0/16; no-children: id=Pine, always.");
  }
}
