package org.postrider.outbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.postrider.maildir.Owner;
import org.postrider.maildir.ServerUser;

/**
 * The system's command for sending mail, as Courier runs it: {@code sendmail -oi -t -f SENDER}, the
 * message on its standard input, in the account's Maildir, as the account's user. It takes the
 * recipients from the header and leaves {@code Bcc} out. No shell is between. Where the server runs
 * as root, {@code setpriv} (util-linux) becomes that user first.
 *
 * <p>It has sent the message where it ends with 0; else what it wrote is the reason.
 */
final class SendmailProgram implements Transport {

  private static final System.Logger LOG = System.getLogger(SendmailProgram.class.getName());

  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final String SEARCH_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** What is kept of what the program writes. */
  private static final int OUTPUT_MAX_OCTETS = 8 * 1024;

  private static final long LAST_OUTPUT_MILLIS = 500;

  private final Path program;
  private final Duration timeLimit;
  private final ServerUser server;

  SendmailProgram(Path program, Duration timeLimit, ServerUser server) {
    this.program = program;
    this.timeLimit = timeLimit;
    this.server = server;
  }

  @Override
  public void send(Letter letter, Sender sender) throws UnsentException {
    Process process = start(sender);
    try {
      run(process, letter);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnsentException(
          "The server is stopping; whether the message was sent is not certain.", e);
    } finally {
      kill(process);
    }
  }

  private Process start(Sender sender) throws UnsentException {
    ProcessBuilder builder = new ProcessBuilder(command(sender));
    builder.directory(sender.maildir().toFile());
    builder.redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", SEARCH_PATH);
    environment.put("HOME", sender.maildir().toString());
    environment.put("AUTHENTICATED", sender.name());
    environment.put("AUTHADDR", sender.address());
    try {
      if (!Files.isExecutable(program)) {
        throw new IOException(program + " is not there or is no program");
      }
      return builder.start();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "No mail can be sent by "
              + program
              + ": "
              + e.getMessage()
              + ". Set SENDMAIL in etc/imapd to the system's sendmail command, or"
              + " imap.outbox-transport to smtp.");
      throw new UnsentException(
          "The server can't start its program for sending mail; please tell its administrator."
              + " Nothing was sent.",
          e);
    }
  }

  private List<String> command(Sender sender) {
    List<String> command = new ArrayList<>();
    Owner owner = sender.owner();
    if (server.canServe(owner) && !owner.equals(server.owner()) && server.owner().uid() == 0) {
      command.add(SETPRIV.toString());
      command.add("--reuid=" + owner.uid());
      command.add("--regid=" + owner.gid());
      command.add("--clear-groups");
      command.add("--inh-caps=-all");
      command.add("--");
    }
    command.addAll(List.of(program.toString(), "-oi", "-t", "-f", sender.address()));
    return command;
  }

  private void run(Process process, Letter letter) throws InterruptedException, UnsentException {
    AtomicReference<IOException> unread = new AtomicReference<>();
    Thread feeder =
        Thread.ofPlatform()
            .daemon()
            .name("postrider-sendmail-in")
            .start(() -> feed(process, letter, unread));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Thread listener =
        Thread.ofPlatform()
            .daemon()
            .name("postrider-sendmail-out")
            .start(() -> listen(process, said));
    if (!process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new UnsentException(
          "The program for sending mail did not end within "
              + timeLimit.toSeconds()
              + " seconds and was stopped; whether it sent the message is not certain.");
    }
    // What it started may go on, and hold both pipes.
    listener.join(Duration.ofMillis(LAST_OUTPUT_MILLIS));
    feeder.join(Duration.ofMillis(LAST_OUTPUT_MILLIS));
    int status = process.exitValue();
    if (status != 0) {
      String text;
      synchronized (said) {
        text = Readable.line(said.toString(StandardCharsets.UTF_8));
      }
      throw new UnsentException(
          "The message was not sent"
              + (text.isEmpty() ? "" : ": " + text)
              + " (the program for sending mail ended with "
              + status
              + ").");
    }
    if (unread.get() != null || feeder.isAlive()) {
      throw new UnsentException(
          "The program for sending mail ended before it had read the whole message; whether it sent"
              + " it is not certain.",
          unread.get());
    }
  }

  private static void feed(Process process, Letter letter, AtomicReference<IOException> unread) {
    try (OutputStream in = process.getOutputStream()) {
      letter.writeTo(in);
    } catch (IOException e) {
      unread.set(e);
    }
  }

  private static void listen(Process process, ByteArrayOutputStream said) {
    byte[] octets = new byte[1024];
    try (InputStream out = process.getInputStream()) {
      for (int count = out.read(octets); count >= 0; count = out.read(octets)) {
        synchronized (said) {
          said.write(octets, 0, Math.min(count, OUTPUT_MAX_OCTETS - said.size()));
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "What sendmail wrote ended early: " + e);
    }
  }

  /** With all that it started and that did not detach itself, where it has not ended. */
  private static void kill(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
