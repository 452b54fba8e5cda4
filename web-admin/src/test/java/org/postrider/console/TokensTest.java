package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contrasts that WCAG 2.2 AA asks for, computed for both schemes. */
class TokensTest {

  private static final Pattern TOKEN = Pattern.compile("--([a-z0-9-]+): (#[0-9A-F]{6});");

  @ParameterizedTest
  @CsvSource({
    "text, bg",
    "text, surface",
    "text, surface-2",
    "muted, bg",
    "muted, surface",
    "muted, surface-2",
    "accent, bg",
    "accent, surface",
    "on-accent, accent",
    "ok, surface",
    "warn, surface",
    "err, surface",
    "ok, ok-bg",
    "warn, warn-bg",
    "err, err-bg",
    "info, info-bg",
  })
  void textCanBeRead(String text, String ground) throws IOException {
    for (Map<String, String> scheme : schemes()) {
      assertThat(contrast(scheme.get(text), scheme.get(ground))).isGreaterThanOrEqualTo(4.5);
    }
  }

  @ParameterizedTest
  @CsvSource({"control, bg", "control, surface", "focus, bg", "focus, surface", "err, surface"})
  void edgesCanBeSeen(String edge, String ground) throws IOException {
    for (Map<String, String> scheme : schemes()) {
      assertThat(contrast(scheme.get(edge), scheme.get(ground))).isGreaterThanOrEqualTo(3);
    }
  }

  /** Light, then dark, which says only what differs. */
  private static Iterable<Map<String, String>> schemes() throws IOException {
    String sheet = Files.readString(Pages.WEBAPP.resolve("static/tokens.css"));
    int dark = sheet.indexOf("@media");
    Map<String, String> light = tokens(sheet.substring(0, dark));
    Map<String, String> both = new HashMap<>(light);
    both.putAll(tokens(sheet.substring(dark)));
    assertThat(both).isNotEqualTo(light).hasSameSizeAs(light);
    return java.util.List.of(light, both);
  }

  private static Map<String, String> tokens(String sheet) {
    Map<String, String> tokens = new HashMap<>();
    Matcher matcher = TOKEN.matcher(sheet);
    while (matcher.find()) {
      tokens.put(matcher.group(1), matcher.group(2));
    }
    return tokens;
  }

  private static double contrast(String one, String other) {
    double first = luminance(one) + 0.05;
    double second = luminance(other) + 0.05;
    return Math.max(first, second) / Math.min(first, second);
  }

  private static double luminance(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    return 0.2126 * linear(rgb >> 16)
        + 0.7152 * linear(rgb >> 8 & 255)
        + 0.0722 * linear(rgb & 255);
  }

  private static double linear(int channel) {
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
