package org.postrider.connector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postrider.session.Policy;

/**
 * What the listeners are told to do. A property that the administrator set wins over Courier's
 * files, and these over the defaults.
 *
 * @param connections most connections at a time
 * @param connectionsPerAddress most of them from one address
 * @param signInTime from connecting to having signed in
 * @param idleTime of silence after sign-in, IDLE included
 * @param certificate PEM file with key and chain
 * @param startTls true where the clear-text listeners offer it
 */
record Settings(
    List<InetSocketAddress> imap,
    List<InetSocketAddress> imaps,
    int connections,
    int connectionsPerAddress,
    Duration signInTime,
    Duration idleTime,
    Path certificate,
    boolean startTls,
    Policy policy) {

  static final int CONNECTIONS = 20_000;
  static final int CONNECTIONS_PER_ADDRESS = 1_000;
  static final Duration SIGN_IN_TIME = Duration.ofSeconds(60);
  static final Duration IDLE_TIME = Duration.ofMinutes(30);

  Settings {
    imap = List.copyOf(imap);
    imaps = List.copyOf(imaps);
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
