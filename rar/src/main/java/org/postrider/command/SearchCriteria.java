package org.postrider.command;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.SearchKey;
import org.postrider.wire.CommandReader;
import org.postrider.wire.SyntaxException;

/**
 * What SEARCH, SORT and THREAD look for.
 *
 * @param charsetKnown false where the client named a charset that this server does not know: the
 *     keys were read to be over with them, and their texts mean nothing
 */
record SearchCriteria(SearchKey key, boolean charsetKnown) {

  /**
   * {@code search-criteria = charset 1*(SP search-key)}
   *
   * @rfc 5256 5
   */
  static SearchCriteria readWithCharset(CommandReader in) throws SyntaxException, IOException {
    String name = in.astring();
    if (in.utf8Enabled() && !name.equalsIgnoreCase("UTF-8") && !name.equalsIgnoreCase("US-ASCII")) {
      throw new SyntaxException(
          "After ENABLE UTF8=ACCEPT all texts are UTF-8, which is the charset to name here.");
    }
    in.sp();
    return read(in, Optional.of(name), Optional.empty());
  }

  /**
   * Reads the keys.
   *
   * @param charset as the client named it; empty where it did not
   * @param firstWord the first word of the first key, where it was read already
   */
  static SearchCriteria read(CommandReader in, Optional<String> charset, Optional<String> firstWord)
      throws SyntaxException, IOException {
    Optional<Charset> known = charset.flatMap(SearchKeyReader::charset);
    boolean unknown = charset.isPresent() && known.isEmpty();
    Optional<Charset> used = unknown ? Optional.of(StandardCharsets.ISO_8859_1) : known;
    return new SearchCriteria(new SearchKeyReader(in, used).keys(firstWord), !unknown);
  }

  /**
   * The key.
   *
   * @throws MailException {@code [BADCHARSET]}
   */
  SearchKey understood() throws MailException {
    if (!charsetKnown) {
      throw new MailException(
          new ResponseCode.BadCharset(SearchKeyReader.CHARSETS),
          "This server does not know that charset; UTF-8 always works.");
    }
    return key;
  }
}
