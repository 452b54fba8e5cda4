package org.postrider.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postrider.mail.SignInSettings;
import org.postrider.session.Policy;
import org.postrider.wire.Limits;

/**
 * What the listeners are told to do. A property that the administrator set wins over Courier's
 * files, and these over the defaults.
 *
 * @param connections most connections at a time
 * @param connectionsPerAddress most of them from one address
 * @param signInTime from connecting to having signed in
 * @param idleTime of silence after sign-in, IDLE included
 * @param certificate PEM file with key and chain
 * @param clientCertificates whether clients are asked for one
 * @param startTls true where the clear-text listeners offer it
 * @param access who may connect
 * @param denial what somebody reads who may not; empty: nothing
 * @param proxy how other servers are spoken to that have an account's mail
 */
public record Settings(
    List<InetSocketAddress> imap,
    List<InetSocketAddress> imaps,
    int connections,
    int connectionsPerAddress,
    Duration signInTime,
    Duration idleTime,
    Path certificate,
    ClientCertificates clientCertificates,
    boolean startTls,
    AccessFile access,
    Optional<String> denial,
    ProxySettings proxy,
    Policy policy) {

  static final int CONNECTIONS = 20_000;
  static final int CONNECTIONS_PER_ADDRESS = 1_000;
  static final Duration SIGN_IN_TIME = Duration.ofSeconds(60);
  static final Duration IDLE_TIME = Duration.ofMinutes(30);

  public Settings {
    imap = List.copyOf(imap);
    imaps = List.copyOf(imaps);
  }

  /** A property that the administrator may have set; empty where nobody did. */
  @FunctionalInterface
  public interface Properties {
    Optional<String> get(String name);
  }

  /**
   * What holds for a data directory.
   *
   * @param properties by the names that {@code ra.xml} uses, {@code imap.port}
   * @throws IOException where one of Courier's files can't be read
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  public static Settings read(Path home, Properties properties) throws IOException {
    Path etc = CourierSettings.directory(home);
    CourierSettings courier = CourierSettings.read(etc.resolve("imapd"), etc.resolve("imapd-ssl"));
    Chosen chosen = new Chosen(properties, courier);
    TcpdOptions options = TcpdOptions.read(courier);
    return new Settings(
        addresses(
            "imap.port",
            chosen.text("imap.port", "PORT", "1143"),
            chosen.text("imap.address", "ADDRESS", "127.0.0.1")),
        addresses(
            "imaps.port",
            chosen.text("imaps.port", "SSLPORT", "1993"),
            chosen.text("imaps.address", "SSLADDRESS", "127.0.0.1")),
        chosen.number("imap.connections", "MAXDAEMONS", CONNECTIONS),
        chosen.number("imap.connections-per-address", "MAXPERIP", CONNECTIONS_PER_ADDRESS),
        Duration.ofSeconds(chosen.number("imap.sign-in-seconds", "", SIGN_IN_TIME.toSeconds())),
        Duration.ofSeconds(chosen.number("imap.idle-seconds", "", IDLE_TIME.toSeconds())),
        courier.get("TLS_CERTFILE").map(Path::of).orElse(home.resolve("tls").resolve("imapd.pem")),
        ClientCertificates.of(
            chosen.text("imap.client-certificates", "TLS_VERIFYPEER", "NONE"),
            chosen.text("imap.client-certificate-authorities", "TLS_TRUSTCERTS", "")),
        courier.flag("IMAPDSTARTTLS").orElse(true),
        new AccessFile(
            options
                .accessFile()
                .or(() -> courier.get("IMAPACCESSFILE").map(Path::of))
                .orElse(etc.resolve("imapaccess")),
            variables -> policy(chosen.with(variables))),
        options.denial(),
        ProxySettings.read(chosen),
        policy(chosen));
  }

  /**
   * What an administrator should know of keys in Courier's files that change nothing.
   *
   * @return sentences
   * @throws IOException where one of the files can't be read
   */
  static List<String> remarks(Path home) throws IOException {
    Path etc = CourierSettings.directory(home);
    return CourierKeys.remarks(
        CourierSettings.read(etc.resolve("imapd"), etc.resolve("imapd-ssl")));
  }

  private static Policy policy(Chosen chosen) {
    return signingIn(chosen)
        .with(CustomsSettings.read(chosen))
        .announcing(OutboxName.capabilities(chosen.courier()));
  }

  private static Policy signingIn(Chosen chosen) {
    boolean tlsRequired = chosen.courier().flag("IMAP_TLS_REQUIRED").orElse(false);
    String setting = chosen.text("imap.plaintext-sign-in", "", tlsRequired ? "never" : "loopback");
    Limits before =
        Limits.BEFORE_SIGN_IN
            .withCommandOctets(
                chosen.number(
                    "imap.command-octets-before-sign-in",
                    "",
                    Limits.BEFORE_SIGN_IN.commandOctets()),
                chosen.number(
                    "imap.literal-octets-before-sign-in",
                    "",
                    Limits.BEFORE_SIGN_IN.literalOctets()))
            .withSaslOctets(chosen.number("imap.sasl-octets", "", Limits.SASL_OCTETS));
    Limits after =
        Limits.SIGNED_IN
            .withCommandOctets(
                chosen.number("imap.command-octets", "", Limits.SIGNED_IN.commandOctets()),
                chosen.number("imap.literal-octets", "", Limits.SIGNED_IN.literalOctets()))
            .withMessageOctets(chosen.number("imap.message-octets", "", Limits.MESSAGE_OCTETS));
    SignInSettings signIn = SignInChoices.read(chosen);
    return switch (setting) {
      case "never" -> new Policy(false, false, before, after, signIn);
      case "loopback" -> new Policy(false, true, before, after, signIn);
      case "always" -> new Policy(true, true, before, after, signIn);
      default ->
          throw new IllegalArgumentException(
              "imap.plaintext-sign-in is " + setting + "; it is one of never, loopback, always.");
    };
  }

  /** A property, else Courier's setting, else the default. */
  record Chosen(Properties properties, CourierSettings courier) {

    /** With other settings of Courier's for some of them. */
    Chosen with(Map<String, String> variables) {
      Map<String, String> all = new HashMap<>(courier.values());
      all.putAll(variables);
      return new Chosen(properties, new CourierSettings(all));
    }

    String text(String property, String courierName, String otherwise) {
      return properties.get(property).or(() -> courier.get(courierName)).orElse(otherwise);
    }

    int number(String property, String courierName, long otherwise) {
      String text = text(property, courierName, Long.toString(otherwise));
      try {
        int number = Integer.parseInt(text.strip());
        if (number > 0) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw notANumber(property, text);
      }
      throw notANumber(property, text);
    }

    private static IllegalArgumentException notANumber(String property, String text) {
      return new IllegalArgumentException(
          property + " is " + text + "; it is a number from 1 to " + Integer.MAX_VALUE + ".");
    }
  }

  /**
   * Addresses to listen on, in Courier's notation.
   *
   * @param what the setting's name, for the error
   * @param ports {@code 143} or {@code 127.0.0.1.143}, several with commas
   * @param address for ports without one; {@code 0} is all
   * @throws IllegalArgumentException with a sentence for the administrator
   */
  static List<InetSocketAddress> addresses(String what, String ports, String address) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String entry : ports.split(",")) {
      String text = entry.strip();
      int dot = text.lastIndexOf('.');
      String host = dot < 0 ? address : text.substring(0, dot);
      addresses.add(new InetSocketAddress(host(what, host), port(what, text.substring(dot + 1))));
    }
    return addresses;
  }

  private static InetAddress host(String what, String host) {
    try {
      return host.equals("0") || host.equals("*")
          ? new InetSocketAddress(0).getAddress()
          : InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          what
              + ": this machine does not know the address "
              + host
              + "; give an address of its own, or 0 for all.",
          e);
    }
  }

  private static int port(String what, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw notAPort(what, text);
    }
    throw notAPort(what, text);
  }

  private static IllegalArgumentException notAPort(String what, String text) {
    return new IllegalArgumentException(
        what + " is " + text + "; a port is a number from 1 to 65535.");
  }
}
