package org.postrider.tool;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Properties;

/**
 * A place where the server will listen.
 *
 * @param what the protocol, for people
 * @param property the property that sets the port, for people
 */
record Listener(String what, String property, InetAddress address, int port) {

  private static final int PORT_MAX = 65_535;

  /** One of the mail server's own. */
  static Listener of(String what, String property, InetSocketAddress address) {
    return new Listener(what, property, address.getAddress(), address.getPort());
  }

  /**
   * Reads what the properties say of one listener.
   *
   * @throws CannotGoOnException when that is no address of this machine, or no port
   */
  static Listener of(
      String what, Properties settings, String addressProperty, String portProperty, int port)
      throws CannotGoOnException {
    String address = settings.getProperty(addressProperty, "127.0.0.1").strip();
    String number = settings.getProperty(portProperty, String.valueOf(port)).strip();
    try {
      // Courier's 0, and the star of others, stand for every address.
      boolean every = address.equals("0") || address.equals("*");
      InetAddress resolved = InetAddress.getByName(every ? "0.0.0.0" : address);
      int value = Integer.parseInt(number);
      if (value < 1 || value > PORT_MAX) {
        throw new NumberFormatException();
      }
      return new Listener(what, portProperty, resolved, value);
    } catch (UnknownHostException e) {
      throw new CannotGoOnException(
          "%s cannot listen on the address \"%s\" (%s): this machine has none of that name."
              .formatted(what, address, addressProperty),
          e);
    } catch (NumberFormatException e) {
      throw new CannotGoOnException(
          "%s cannot listen on port \"%s\": give a number from 1 to 65535, such as -D%s=%d."
              .formatted(what, number, portProperty, port),
          e);
    }
  }

  /** Two of our own must not ask for the same port of the same address. */
  void checkApartFrom(Listener other) throws CannotGoOnException {
    boolean overlap =
        address.equals(other.address)
            || address.isAnyLocalAddress()
            || other.address.isAnyLocalAddress();
    if (port == other.port && overlap) {
      throw new CannotGoOnException(
          "%s and %s are both to listen on port %d: give them different ones with -D%s=PORT or -D%s=PORT."
              .formatted(what, other.what, port, property, other.property));
    }
  }

  /** Finds out whether the port can be had, by taking it for a moment. */
  void check() throws CannotGoOnException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
    } catch (BindException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("Permission")) {
        throw new CannotGoOnException(
            "Port %d (%s) needs root or CAP_NET_BIND_SERVICE: choose one above 1023 with -D%s=PORT."
                .formatted(port, what, property),
            e);
      }
      if (reason.contains("assign")) {
        throw new CannotGoOnException(
            "%s cannot listen on %s: it is not an address of this machine."
                .formatted(what, address.getHostAddress()),
            e);
      }
      throw new CannotGoOnException(
          "Port %d (%s) is taken by another program: stop that, or choose another port with -D%s=PORT."
              .formatted(port, what, property),
          e);
    } catch (IOException e) {
      throw new CannotGoOnException(
          "Port %d (%s) cannot be had: %s.".formatted(port, what, e.getMessage()), e);
    }
  }

  /** Where a client on this machine finds it, as in a URL. */
  String hostAndPort() {
    return host() + ":" + port;
  }

  /** The address to connect to from this machine. */
  InetAddress reachable() {
    return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
  }

  private String host() {
    String host = reachable().getHostAddress();
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
