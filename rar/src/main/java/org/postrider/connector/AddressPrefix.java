package org.postrider.connector;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The beginning that some addresses have in common, as a key of Courier's access file writes it.
 *
 * <pre>
 * *                     all addresses
 * 192.168.0             192.168.0.0 to 192.168.0.255; so with one to four numbers
 * 10.0.0.0/8            by the number of bits
 * :2001:0db8            IPv6, by groups, each of four digits
 * 2001:db8::/32         IPv6, by the number of bits; without them it is one address
 * </pre>
 *
 * @param v6 false for IPv4, whose addresses are in the upper half of {@code high}
 * @param length 0 to 32, or 128: bits that count; the others are 0
 */
record AddressPrefix(boolean v6, long high, long low, int length) {

  private static final Pattern OCTETS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){0,3}");
  private static final Pattern GROUPS = Pattern.compile("(:[0-9A-Fa-f]{1,4}){1,8}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

  /** The first bits of an address. */
  static AddressPrefix of(InetAddress address, int length) {
    boolean v6 = !(address instanceof Inet4Address);
    ByteBuffer octets = ByteBuffer.allocate(16).put(address.getAddress()).rewind();
    return cut(v6, octets.getLong(), octets.getLong(), length);
  }

  private static AddressPrefix cut(boolean v6, long high, long low, int length) {
    return new AddressPrefix(
        v6, high & ones(Math.min(length, 64)), low & ones(Math.max(0, length - 64)), length);
  }

  private static long ones(int count) {
    return count == 0 ? 0 : -1L << (64 - count);
  }

  /**
   * @param key not {@code *}, which is no prefix of one family
   * @throws IllegalArgumentException where it is none, with the reason
   */
  static AddressPrefix parse(String key) {
    int slash = key.indexOf('/');
    String address = slash < 0 ? key : key.substring(0, slash);
    if (GROUPS.matcher(address).matches()) {
      return ofGroups(address, slash < 0 ? -1 : bits(key.substring(slash + 1), 128));
    }
    if (OCTETS.matcher(address).matches()) {
      String[] parts = address.split("\\.");
      long value = 0;
      for (int i = 0; i < 4; i++) {
        int octet = i < parts.length ? Integer.parseInt(parts[i]) : 0;
        if (octet > 255) {
          throw notAnAddress(key);
        }
        value = value << 8 | octet;
      }
      return cut(
          false, value << 32, 0, slash < 0 ? 8 * parts.length : bits(key.substring(slash + 1), 32));
    }
    if (V6.matcher(address).matches()) {
      try {
        return of(
            InetAddress.ofLiteral(address), slash < 0 ? 128 : bits(key.substring(slash + 1), 128));
      } catch (IllegalArgumentException e) {
        throw notAnAddress(key);
      }
    }
    throw notAnAddress(key);
  }

  private static AddressPrefix ofGroups(String groups, int bits) {
    String[] parts = groups.substring(1).split(":");
    long[] halves = new long[2];
    for (int i = 0; i < parts.length; i++) {
      halves[i / 4] |= (long) Integer.parseInt(parts[i], 16) << (48 - 16 * (i % 4));
    }
    return cut(true, halves[0], halves[1], bits < 0 ? 16 * parts.length : bits);
  }

  private static int bits(String text, int most) {
    if (text.length() <= 3 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int bits = Integer.parseInt(text);
      if (bits <= most) {
        return bits;
      }
    }
    throw new IllegalArgumentException("/" + text + " is no number of bits from 0 to " + most);
  }

  private static IllegalArgumentException notAnAddress(String key) {
    return new IllegalArgumentException(
        String.format(Locale.ROOT, "%.60s is no address and no beginning of one", key));
  }
}
