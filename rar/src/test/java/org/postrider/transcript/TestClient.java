package org.postrider.transcript;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One client of a transcript: sends octets, and reads responses as they come, each with its
 * literals. A thread of its own reads; everything else is called by the runner's thread.
 */
final class TestClient implements Closeable {

  /** The connection has ended. */
  static final String END = "(the connection was closed)";

  /** Longer than any answer takes: those to refused sign-ins are held back for seconds. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final int number;
  private final Stage.Line line;
  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
  private final Deque<String> putBack = new ArrayDeque<>();
  private final Deque<String> unanswered = new ArrayDeque<>();
  private int commands;

  TestClient(int number, Stage.Line line) {
    this.number = number;
    this.line = line;
    Thread.ofVirtual().name("client " + number).start(this::readAll);
  }

  int number() {
    return number;
  }

  /** A tag never used before in this connection; its answer is waited for. */
  String nextTag() {
    String tag = (char) ('A' + number - 1) + Integer.toString(++commands);
    unanswered.add(tag);
    return tag;
  }

  /** The tag of the oldest command without an answer; null where all have one. */
  String oldestTag() {
    return unanswered.peek();
  }

  void answered() {
    unanswered.remove();
  }

  void send(byte[] octets) throws IOException {
    line.out().write(octets);
    line.out().flush();
  }

  /** The next response, one character an octet; {@link #END}; or null where none came in time. */
  String next() throws InterruptedException {
    String response = putBack.poll();
    return response != null ? response : arrived.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A response that is already there; null where there is none. */
  String nextIfThere() {
    String response = putBack.poll();
    return response != null ? response : arrived.poll();
  }

  /** Gives a response back: {@link #next} answers it again, after those given back before. */
  void putBack(String response) {
    putBack.addLast(response);
  }

  @Override
  public void close() throws IOException {
    line.closer().close();
  }

  private void readAll() {
    try {
      for (String response = read(); response != null; response = read()) {
        arrived.add(response);
      }
    } catch (IOException e) {
      // A connection that breaks is one that ends: the transcript says whether it may.
    }
    arrived.add(END);
  }

  private String read() throws IOException {
    StringBuilder response = new StringBuilder();
    while (true) {
      String text = readLine(line.in());
      if (text == null) {
        return response.isEmpty() ? null : response + " (cut off)";
      }
      response.append(text);
      int size = literalSize(text);
      if (size < 0) {
        return response.toString();
      }
      byte[] literal = line.in().readNBytes(size);
      response.append("\r\n").append(new String(literal, StandardCharsets.ISO_8859_1));
    }
  }

  private static int literalSize(String text) {
    int brace = text.lastIndexOf('{');
    if (!text.endsWith("}") || brace < 0) {
      return -1;
    }
    String size = text.substring(brace + 1, text.length() - 1);
    return size.isEmpty() || !size.chars().allMatch(Character::isDigit)
        ? -1
        : Integer.parseInt(size);
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    int before = -1;
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      octets.write(octet);
      if (octet == '\n' && before == '\r') {
        String text = octets.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 2);
      }
      before = octet;
    }
    return octets.size() == 0 ? null : octets.toString(StandardCharsets.ISO_8859_1) + " (no CRLF)";
  }
}
