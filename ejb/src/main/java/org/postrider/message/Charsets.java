package org.postrider.message;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Names of character sets as they are found in mail and in SEARCH.
 *
 * <p>Some names are taken for the larger set that programs mean by them: ISO-8859-1 for
 * Windows-1252, GB2312 for GB18030, Shift_JIS and EUC-KR for Microsoft's extensions. US-ASCII, and
 * names that only say "unknown", are read as UTF-8, in which octets that are no UTF-8 are
 * Windows-1252 ({@link TextDecoder}).
 */
public final class Charsets {

  /** For names that nobody knows. */
  static final Charset FALLBACK = HeaderText.WINDOWS_1252;

  private static final Map<String, Charset> WIDER =
      Map.ofEntries(
          Map.entry("us-ascii", StandardCharsets.UTF_8),
          Map.entry("ascii", StandardCharsets.UTF_8),
          Map.entry("ansi_x3.4-1968", StandardCharsets.UTF_8),
          Map.entry("utf8", StandardCharsets.UTF_8),
          Map.entry("unknown-8bit", StandardCharsets.UTF_8),
          Map.entry("x-unknown", StandardCharsets.UTF_8),
          Map.entry("default", StandardCharsets.UTF_8),
          Map.entry("iso-8859-1", FALLBACK),
          Map.entry("iso8859-1", FALLBACK),
          Map.entry("latin1", FALLBACK),
          Map.entry("iso-8859-9", Charset.forName("windows-1254")),
          Map.entry("gb2312", Charset.forName("GB18030")),
          Map.entry("gbk", Charset.forName("GB18030")),
          Map.entry("shift_jis", Charset.forName("windows-31j")),
          Map.entry("shift-jis", Charset.forName("windows-31j")),
          Map.entry("euc-kr", Charset.forName("x-windows-949")),
          Map.entry("ks_c_5601-1987", Charset.forName("x-windows-949")));

  /** Longest name that is looked up; registered ones have at most 45 characters. */
  private static final int MAX_NAME = 64;

  private Charsets() {}

  /**
   * The character set of that name, in any case.
   *
   * @return empty where there is none, or it can't be decoded here: SEARCH answers {@code
   *     [BADCHARSET]}
   */
  public static Optional<Charset> find(String name) {
    String key = name.strip().toLowerCase(Locale.ROOT);
    if (key.isEmpty() || key.length() > MAX_NAME) {
      return Optional.empty();
    }
    Charset wider = WIDER.get(key);
    if (wider != null) {
      return Optional.of(wider);
    }
    try {
      return Optional.of(Charset.forName(key));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  /**
   * The character set to read text with that is labelled with a name; null, where it is not
   * labelled, is UTF-8.
   */
  public static Charset named(String name) {
    return name == null ? StandardCharsets.UTF_8 : find(name).orElse(FALLBACK);
  }

  /** True where octets below 128 are ASCII wherever they stand. */
  public static boolean isAsciiInside(Charset charset) {
    String name = charset.name();
    return charset.equals(StandardCharsets.UTF_8)
        || name.startsWith("windows-125")
        || name.startsWith("ISO-8859-")
        || name.startsWith("KOI8-");
  }
}
