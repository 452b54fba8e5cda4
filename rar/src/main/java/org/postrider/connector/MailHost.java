package org.postrider.connector;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The account option {@code mailhost}, taken apart: {@code mail2.example.com}, {@code
 * mail2.example.com:1143}, {@code [2001:db8::1]:1143}, {@code 2001:db8::1}.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record MailHost(String host, int port) {

  private static final Pattern BRACKETS =
      Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})](?::([0-9]{1,5}))?");
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*");
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9_][A-Za-z0-9._-]{0,252})(?::([0-9]{1,5}))?");

  /**
   * @param otherwise the port where none is named
   * @throws IllegalArgumentException where it names no server, with the reason
   */
  static MailHost parse(String text, int otherwise) {
    if (ADDRESS.matcher(text).matches() && text.length() <= 45) {
      return new MailHost(text, otherwise);
    }
    for (Pattern form : new Pattern[] {BRACKETS, NAME}) {
      Matcher parts = form.matcher(text);
      if (parts.matches()) {
        int port = parts.group(2) == null ? otherwise : Integer.parseInt(parts.group(2));
        if (port >= 1 && port <= 65535) {
          return new MailHost(parts.group(1), port);
        }
      }
    }
    throw new IllegalArgumentException(
        "it is the name or address of a server, such as mail2.example.com or"
            + " mail2.example.com:1143");
  }
}
