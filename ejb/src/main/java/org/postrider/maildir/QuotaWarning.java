package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * When and how an account is warned that its quota is nearly used up.
 *
 * @param percent of a limit, from which on it is; 0: never
 * @param text the file that holds the message, its header included, but for Date and Message-Id;
 *     where it is missing nobody is sent mail
 */
public record QuotaWarning(int percent, Path text) {

  /** Nobody is warned. */
  public static final QuotaWarning NONE = new QuotaWarning(0, Path.of("quotawarnmsg"));

  private static final long MOST_OCTETS = 65_536;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  public QuotaWarning {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("a level is a number from 0 to 100, in per cent");
    }
  }

  /** True where so much is enough for a warning. */
  boolean isDue(QuotaLimits limits, QuotaAmount used) {
    return percent > 0 && limits.isReachedBy(used, percent);
  }

  /**
   * The message to send now.
   *
   * @return empty where there is no text
   * @throws IOException where the text can't be read, or is larger than 65,536 octets
   */
  Optional<byte[]> message() throws IOException {
    if (!Files.isRegularFile(text)) {
      return Optional.empty();
    }
    if (Files.size(text) > MOST_OCTETS) {
      throw new IOException(text + " is larger than a warning can be, " + MOST_OCTETS + " octets");
    }
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    String header =
        "Date: %s\r\nMessage-Id: <%d.overquota@%s>\r\n"
            .formatted(DATE.format(now), now.toEpochSecond(), UniqueNames.HOST);
    String body = new String(Files.readAllBytes(text), StandardCharsets.ISO_8859_1);
    return Optional.of((header + body).getBytes(StandardCharsets.ISO_8859_1));
  }
}
