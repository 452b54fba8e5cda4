package org.postrider.connector;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postrider.mail.Forwarding;
import org.postrider.mail.SignInSettings;

/** What properties and Courier's files say about signing in, and how Courier means it. */
final class SignInChoices {

  /** The name of the service on a port: {@code AUTHSERVICE143=imap}. */
  private static final Pattern SERVICE_OF_PORT = Pattern.compile("AUTHSERVICE([0-9]{1,5})");

  private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern MECHANISM = Pattern.compile("[A-Z0-9_-]{1,20}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

  private SignInChoices() {}

  /**
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  static SignInSettings read(Settings.Chosen chosen) {
    String host = host(chosen);
    return new SignInSettings(
        host,
        mechanisms(chosen, "IMAP_CAPABILITY"),
        mechanisms(chosen, "IMAP_CAPABILITY_TLS"),
        chosen.text("imap.default-domain", "DEFDOMAIN", ""),
        chosen.text("imap.domain-separators", "DOMAINSEP", ""),
        services(chosen.courier().values()),
        chosen.text("imap.client-certificate-name", "TLS_EXTERNAL", "").strip(),
        new Forwarding(
            chosen.courier().flag("IMAP_PROXY").orElse(false),
            chosen.courier().get("PROXY_HOSTNAME").orElse(host).strip()));
  }

  private static String host(Settings.Chosen chosen) {
    String host = chosen.text("imap.host-name", "", "").strip();
    if (host.isEmpty()) {
      return ownName();
    }
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "imap.host-name is " + host + "; it is a name such as mail.example.com.");
    }
    return host;
  }

  private static String ownName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return HOST.matcher(name).matches() ? name : "localhost";
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /**
   * The property is the whole list. Without it, what is always announced, and the words {@code
   * AUTH=} of Courier's capabilities: for a Courier site these are how CRAM is switched on.
   */
  private static Set<String> mechanisms(Settings.Chosen chosen, String courierName) {
    String property = chosen.text("imap.sasl-mechanisms", "", "");
    if (!property.isBlank()) {
      Set<String> all = words(property).collect(Collectors.toUnmodifiableSet());
      for (String name : all) {
        if (!MECHANISM.matcher(name).matches()) {
          throw new IllegalArgumentException(
              "imap.sasl-mechanisms has "
                  + name
                  + "; it is a list of names such as PLAIN, CRAM-MD5, SCRAM-SHA-256.");
        }
      }
      return all;
    }
    Set<String> all = new HashSet<>(SignInSettings.MECHANISMS);
    words(chosen.courier().get(courierName).orElse(""))
        .filter(word -> word.startsWith("AUTH="))
        .map(word -> word.substring("AUTH=".length()))
        .forEach(all::add);
    return all;
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.toUpperCase(Locale.ROOT).split("[\\s,]+"))
        .filter(word -> !word.isEmpty());
  }

  private static Map<Integer, String> services(Map<String, String> courier) {
    Map<Integer, String> services = new HashMap<>();
    courier.forEach(
        (name, value) -> {
          Matcher port = SERVICE_OF_PORT.matcher(name);
          if (port.matches() && !value.isBlank()) {
            if (!SERVICE.matcher(value).matches()) {
              throw new IllegalArgumentException(
                  name
                      + " is "
                      + value
                      + "; the name of a service has small letters, digits and hyphens.");
            }
            services.put(Integer.valueOf(port.group(1)), value);
          }
        });
    return services;
  }
}
