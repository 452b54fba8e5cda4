package org.postrider.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.postrider.message.AddressParser;
import org.postrider.message.HeaderFields;
import org.postrider.protocol.Address;

/**
 * To whom a message goes: the addresses in To, Cc and Bcc; where it is sent on (Resent-To and its
 * kin), those alone, so that nobody gets it a second time.
 *
 * @param addresses each once, in their order, fit for the envelope
 * @param international true where an address or the header needs SMTPUTF8 (RFC 6531)
 * @rfc 5322 3.6.3 and 3.6.6
 */
record Recipients(Set<String> addresses, boolean international) {

  private static final int MOST = 1_000;
  private static final int FIELD_MAX_OCTETS = 256 * 1024;
  private static final int FIELDS_MAX = 10_000;

  private static final Set<String> FIRST = Set.of("to", "cc", "bcc");
  private static final Set<String> RESENT = Set.of("resent-to", "resent-cc", "resent-bcc");

  private static final Pattern DOT_ATOM =
      Pattern.compile(
          "[^\\x00-\\x20\\x7F()<>@,;:\\\\\".\\[\\]]+(\\.[^\\x00-\\x20\\x7F()<>@,;:\\\\\".\\[\\]]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile("[\\p{L}\\p{N}_-]+(\\.[\\p{L}\\p{N}_-]+)*|\\[[A-Za-z0-9.:]+]");

  /**
   * Reads the header of a message.
   *
   * @throws UnsentException where it names nobody, too many, or what is no address
   */
  static Recipients of(FileChannel file) throws UnsentException, IOException {
    Set<String> first = new LinkedHashSet<>();
    Set<String> resent = new LinkedHashSet<>();
    boolean isResent = false;
    boolean international = false;
    try (HeaderFields fields = HeaderFields.of(file, FIELD_MAX_OCTETS)) {
      for (int count = 0; fields.next(); count++) {
        if (count == FIELDS_MAX) {
          throw new UnsentException(
              "The message has more than "
                  + FIELDS_MAX
                  + " header fields; that is more than can be sent. Nothing was sent.");
        }
        String value = fields.value();
        international |= !isAscii(value);
        String name = fields.name().toLowerCase(Locale.ROOT);
        if (FIRST.contains(name)) {
          add(value, first);
        } else if (RESENT.contains(name)) {
          isResent = true;
          add(value, resent);
        }
      }
    }
    Set<String> all = isResent ? resent : first;
    if (all.isEmpty()) {
      throw new UnsentException(
          "The message names nobody in To, Cc or Bcc; write whom it is for. Nothing was sent.");
    }
    return new Recipients(all, international);
  }

  private static void add(String value, Set<String> addresses) throws UnsentException {
    if (value.length() > FIELD_MAX_OCTETS / 4) { // characters; the field may have been cut off
      throw tooMany();
    }
    for (Address address : AddressParser.parse(value, 3 * MOST)) {
      if (address.host() != null) { // else a group begins or ends
        addresses.add(envelope(address));
        if (addresses.size() > MOST) {
          throw tooMany();
        }
      }
    }
  }

  private static UnsentException tooMany() {
    return new UnsentException(
        "The message is for more than "
            + MOST
            + " addresses; send it to fewer at a time. Nothing was sent.");
  }

  private static String envelope(Address address) throws UnsentException {
    String local = address.mailbox();
    String written = local + (address.host().isEmpty() ? "" : "@" + address.host());
    boolean possible =
        !local.isEmpty()
            && local.length() <= 256
            && !Readable.hasControls(local)
            && DOMAIN.matcher(address.host()).matches()
            && address.host().length() <= 255;
    if (!possible) {
      throw new UnsentException(
          "\""
              + Readable.line(written.isEmpty() ? address.name() + "" : written)
              + "\" is no whole mail address, such as anna@example.com. Nothing was sent.");
    }
    return (DOT_ATOM.matcher(local).matches() ? local : quoted(local)) + "@" + address.host();
  }

  private static String quoted(String local) {
    return '"' + local.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
