package org.postrider.message;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Reads the body of a part, its transfer encoding undone, front to back through one buffer. */
public final class BodyReader {

  /** Takes the octets, piece by piece. */
  @FunctionalInterface
  public interface Sink {

    /**
     * @return false where no more are wanted
     */
    boolean octets(byte[] octets, int from, int to);
  }

  private BodyReader() {}

  /**
   * @param file the message that the part is of
   * @param part no multipart, nor a message
   */
  public static void read(FileChannel file, Part part, Sink sink) throws IOException {
    read(file::read, part, sink);
  }

  static void read(OctetSource source, Part part, Sink sink) throws IOException {
    TransferDecoder decoder = new TransferDecoder(part.encoding());
    try (OctetReader in = new OctetReader(source, part.body().offset(), part.body().length())) {
      boolean wanted = true;
      while (wanted && !in.atEnd()) {
        if (decoder.isIdentity()) {
          wanted = sink.octets(in.octets, in.position, in.end);
        } else {
          int length = decoder.decode(in.octets, in.position, in.end);
          wanted = sink.octets(decoder.decoded(), 0, length);
        }
        in.position = in.end;
      }
    }
  }
}
