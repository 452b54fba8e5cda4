package org.postrider.outbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An SMTP server on a free port of this machine, which keeps what it is told. */
final class SmtpSink implements AutoCloseable {

  /** Says nothing, for ever. */
  static final String SILENCE = "";

  /** Closes the connection. */
  static final String HANG_UP = "hang up";

  private final ServerSocket server;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  SmtpSink() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /**
   * @param command its beginning, in capitals; {@code .} is the end of a message
   */
  void answer(String command, String reply) {
    answers.put(command, reply);
  }

  /** MAIL and RCPT of all connections. */
  List<String> envelopes() {
    return commands.stream().filter(c -> c.startsWith("MAIL") || c.startsWith("RCPT")).toList();
  }

  /** Messages as they came, dots of SMTP included. */
  List<String> messages() {
    return messages;
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (SocketException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        Writer out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8)) {
      talk(in, out);
    } catch (IOException e) {
      return; // the client is gone
    }
  }

  private void talk(BufferedReader in, Writer out) throws IOException {
    say(out, "220 sink.example.com ESMTP");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.add(line);
      String reply = reply(line, "250 OK");
      if (line.equals("DATA") && !answers.containsKey("DATA")) {
        say(out, "354 Go on");
        message(in);
        reply = reply(".", "250 Taken");
      }
      if (reply.equals(HANG_UP)) {
        return;
      }
      if (!reply.equals(SILENCE)) {
        say(out, line.equals("QUIT") ? "221 Bye" : reply);
      }
    }
  }

  private String reply(String line, String otherwise) {
    return answers.entrySet().stream()
        .filter(answer -> line.startsWith(answer.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  private void message(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
      if (line == null) {
        throw new IOException("the message has no end");
      }
      text.append(line).append('\n');
    }
    messages.add(text.toString());
  }

  private static void say(Writer out, String line) throws IOException {
    out.write(line + "\r\n");
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
