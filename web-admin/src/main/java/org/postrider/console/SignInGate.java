package org.postrider.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How often somebody may try a password or the set-up code: slowed by address, and by address and
 * name together, never by name alone, or anybody could shut an administrator out. An IPv6 address
 * stands for its /64. Any thread may use this.
 */
@ApplicationScoped
public class SignInGate {

  private static final int NAME_MAX_CHARACTERS = 64;

  private final Throttle byAddress;
  private final Throttle byAddressAndName;

  /** Reads the JVM's monotonic clock. */
  public SignInGate() {
    this(new Throttle(10), new Throttle(3));
  }

  SignInGate(Throttle byAddress, Throttle byAddressAndName) {
    this.byAddress = byAddress;
    this.byAddressAndName = byAddressAndName;
  }

  /**
   * An attempt begins; unless {@link #succeeded} follows it has failed.
   *
   * @param address of the client, as digits
   * @param name as it was typed; any other text for what is not a sign-in
   * @return zero if the attempt may be made, else how long to wait before the next
   */
  public Duration begin(String address, String name) {
    Duration wait = byAddressAndName.begin(pair(address, name));
    return wait.isZero() ? byAddress.begin(network(address)) : wait;
  }

  /** The attempt was right. */
  public void succeeded(String address, String name) {
    byAddressAndName.succeeded(pair(address, name));
    byAddress.succeeded(network(address));
  }

  private static String pair(String address, String name) {
    return network(address) + ' ' + name.substring(0, Math.min(name.length(), NAME_MAX_CHARACTERS));
  }

  private static String network(String address) {
    byte[] octets =
        InetAddress.ofLiteral(address) instanceof Inet6Address six
            ? Arrays.copyOf(six.getAddress(), 8)
            : InetAddress.ofLiteral(address).getAddress();
    return HexFormat.of().formatHex(octets);
  }
}
