package org.postrider.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Literal;
import org.postrider.protocol.Section;

/** Messages for tests, and what goes out of them. */
final class Messages {

  private Messages() {}

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Structure parse(String text) {
    return parse(octets(text));
  }

  static Structure parse(byte[] octets) {
    try {
      return MessageParser.parse(OctetSource.of(octets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every bare line feed as CRLF, one octet at a time. */
  static byte[] widened(byte[] octets) {
    ByteArrayOutputStream wide = new ByteArrayOutputStream();
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) {
        wide.write('\r');
      }
      wide.write(octets[i]);
    }
    return wide.toByteArray();
  }

  /** The octets that a client gets for a literal. */
  static byte[] sent(Literal literal) throws IOException {
    return switch (literal) {
      case Literal.Octets octets -> octets.octets();
      case Literal.FileRegion region -> read(region.file(), region.offset(), region.size());
      case Literal.CrlfRegion region -> {
        byte[] wide = widened(read(region.file(), region.offset(), region.length()));
        byte[] sent = new byte[(int) region.size()];
        System.arraycopy(wide, (int) region.skip(), sent, 0, sent.length);
        yield sent;
      }
    };
  }

  private static byte[] read(FileChannel file, long offset, long size) throws IOException {
    var buffer = java.nio.ByteBuffer.allocate((int) size);
    while (buffer.hasRemaining() && file.read(buffer, offset + buffer.position()) > 0) {
      // goes on to the end
    }
    if (buffer.hasRemaining()) {
      throw new IOException("the region reaches beyond the file");
    }
    return buffer.array();
  }

  static FetchItem.Body item(Section section) {
    return new FetchItem.Body(section, Optional.empty(), true, FetchItem.Body.Name.BODY);
  }

  /** A file with these octets, open for reading; gone when it is closed. */
  static FileChannel file(Path directory, byte[] octets) throws IOException {
    Path path = Files.createTempFile(directory, "message", ".eml");
    Files.write(path, octets);
    return FileChannel.open(path);
  }
}
