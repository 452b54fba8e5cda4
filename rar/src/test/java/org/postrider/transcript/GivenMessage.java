package org.postrider.transcript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;

/**
 * A message that is in a mailbox before a transcript begins.
 *
 * @param octets as on the wire, lines ending in CRLF
 * @param date internal date
 */
public record GivenMessage(byte[] octets, OffsetDateTime date) {

  /** The n-th message of {@code given INBOX 3}: small, and the same for ever. Counted from 1. */
  public static GivenMessage numbered(int n) {
    String text =
        """
        From: Alice Example <alice@example.com>
        To: Bob Example <bob@example.org>
        Subject: Message %1$d
        Date: %2$s, %1$02d Jan 2026 12:00:00 +0000
        Message-ID: <%1$d@example.com>

        This is message %1$d.
        """
            .formatted(n, dayOfJanuary(n));
    return new GivenMessage(
        wire(text.getBytes(StandardCharsets.US_ASCII)), internalDate().plusDays(n - 1));
  }

  /** The message in a file of the class path, {@code messages/NAME}; its lines may end in LF. */
  public static GivenMessage file(String name) {
    String path = "/messages/" + name;
    try (InputStream in = GivenMessage.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such message on the class path: " + path);
      }
      return new GivenMessage(wire(in.readAllBytes()), internalDate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String dayOfJanuary(int n) {
    DayOfWeek day = LocalDate.of(2026, 1, n).getDayOfWeek();
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }

  /** 1 February 2026, 9:30 UTC. */
  private static OffsetDateTime internalDate() {
    return OffsetDateTime.of(2026, 2, 1, 9, 30, 0, 0, ZoneOffset.UTC);
  }

  private static byte[] wire(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
