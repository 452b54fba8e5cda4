package org.postrider.tool.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The three streams of a tool. One thread uses it.
 *
 * @param in standard input, buffered
 * @param out standard output
 * @param err standard error
 * @param asks whether standard input is a terminal, with a person to ask
 * @param shows whether standard error is one
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, boolean asks, boolean shows) {

  /** The longest line that is read: far above any value that userdb may have. */
  public static final int LINE_MAX_OCTETS = 64 * 1024;

  /** Each reading of a line that is over is overwritten, so that no password stays in memory. */
  private static final class Line extends ByteArrayOutputStream {
    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }

  /**
   * The next line of standard input, without its LF.
   *
   * @return the octets, which the caller overwrites if they are secret; null at the end
   */
  public byte[] readLine() throws IOException, ToolException {
    Line line = new Line();
    try {
      int octet = in.read();
      if (octet < 0) {
        return null;
      }
      while (octet >= 0 && octet != '\n') {
        if (line.size() == LINE_MAX_OCTETS) {
          throw new ToolException(
              1, "A line of the input is longer than " + LINE_MAX_OCTETS + " octets.");
        }
        line.write(octet);
        octet = in.read();
      }
      return line.toByteArray();
    } finally {
      line.wipe();
    }
  }

  /**
   * A new password: a line of standard input, or what a person types twice, unseen.
   *
   * @return the octets, which the caller overwrites; null at the end of the input
   */
  public byte[] readNewPassword() throws IOException, ToolException {
    if (!asks) {
      return readLine();
    }
    String settings = stty("-g").strip();
    Thread restore = new Thread(() -> sttyQuietly(settings));
    Runtime.getRuntime().addShutdownHook(restore); // Ctrl-C gives the terminal back its echo
    stty("-echo");
    try {
      while (true) {
        byte[] password = ask("Password: ");
        byte[] again = password == null ? null : ask("Reenter password: ");
        if (again == null || Arrays.equals(password, again)) {
          wipe(again);
          return again == null ? null : password;
        }
        wipe(password);
        wipe(again);
        err.println("Passwords don't match.");
        err.println();
      }
    } finally {
      stty(settings);
      Runtime.getRuntime().removeShutdownHook(restore);
    }
  }

  private static void wipe(byte[] octets) {
    if (octets != null) {
      Arrays.fill(octets, (byte) 0);
    }
  }

  private byte[] ask(String prompt) throws IOException, ToolException {
    err.print(prompt);
    err.flush();
    byte[] answer = readLine();
    err.println();
    return answer;
  }

  /**
   * Asks stty(1), which every Unix has: Java's own console is none as soon as standard output goes
   * into a pipe, which here is the usual case.
   */
  private static String stty(String argument) throws IOException, ToolException {
    Process process =
        new ProcessBuilder("stty", argument)
            .redirectInput(Redirect.INHERIT)
            .redirectError(Redirect.DISCARD)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new ToolException(
            1,
            "The terminal's echo cannot be switched off by stty(1), so no password is asked for:"
                + " give it on standard input.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException(1, "Interrupted.");
    }
    return answer;
  }

  private static void sttyQuietly(String argument) {
    try {
      stty(argument);
    } catch (IOException | ToolException failed) {
      // The terminal is gone, or stays as it is: nobody is left to be told.
    }
  }
}
