package org.postrider.auth.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.postrider.auth.TemporaryFailureException;

/**
 * An external program that answers on its standard output what it is asked on its standard input,
 * one request after the other, in the words of Courier's authdaemond:
 *
 * <pre>
 * PRE . SERVICE NAME LF                        who is that?
 * AUTH LENGTH LF SERVICE LF TYPE LF DATA       may they? LENGTH octets after the first LF; login: NAME LF PASSWORD LF
 * PASSWD SERVICE TAB NAME TAB OLD TAB NEW LF   answered by OK LF or FAIL LF
 * ENUMERATE LF                                 answered by lines, the last of which is a dot
 *
 * FAIL LF                                      no
 * KEY=VALUE LF ... . LF                        yes: USERNAME or UID and GID, HOME, ADDRESS, NAME, MAILDIR, ...
 * </pre>
 *
 * <p>At most {@value #MOST} copies run at a time, each for one request after the other; they are
 * started when they are needed and go on until they end, the file changes, or one does not answer
 * in time and is killed. Any thread may ask.
 */
final class PipeProgram {

  private static final int MOST = 5;
  private static final int LINE_MAX_OCTETS = 8 * 1024;
  private static final int LINES_MAX = 64;
  private static final int OPEN_MAX = 16;

  private static final Map<Path, PipeProgram> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final Path program;
  private final BlockingCalls requests;
  private final BlockingCalls lists;
  private final Deque<Running> idle = new ArrayDeque<>();

  /** With other limits than a server has. */
  PipeProgram(Path program, Duration waitMax, Duration answerMax) {
    this.program = program;
    requests = new BlockingCalls(program.toString(), MOST, waitMax, answerMax);
    lists = new BlockingCalls(program.toString(), 1, waitMax, Duration.ofMinutes(10));
  }

  /**
   * The program at a path, the same object for every caller.
   *
   * @param file it need not be there
   */
  static PipeProgram at(Path file) {
    Path path = file.toAbsolutePath().normalize();
    synchronized (OPEN) {
      PipeProgram found =
          OPEN.computeIfAbsent(
              path, key -> new PipeProgram(key, Duration.ofSeconds(10), Duration.ofSeconds(30)));
      if (OPEN.size() > OPEN_MAX) {
        OPEN.remove(OPEN.keySet().iterator().next()).stopIdle();
      }
      return found;
    }
  }

  /** Whether there is such a program: where there is none, nobody is asked. */
  boolean isThere() {
    return Files.exists(program);
  }

  /**
   * Asks for an account.
   *
   * @param request as above, in octets; not changed
   * @return the lines before the dot; empty for {@code FAIL}
   * @throws TemporaryFailureException if the program ends or is killed before it has answered, or
   *     what it answers is no answer
   */
  List<String> ask(byte[] request) throws TemporaryFailureException {
    List<String> lines = new ArrayList<>();
    exchange(
        requests,
        request,
        line -> {
          if (line.equals(".") || (lines.isEmpty() && line.equals("FAIL"))) {
            return false;
          }
          lines.add(line);
          return true;
        },
        LINES_MAX);
    return lines;
  }

  /**
   * Asks for something to be done.
   *
   * @return whether it says {@code OK}
   * @throws TemporaryFailureException as {@link #ask}
   */
  boolean tell(byte[] request) throws TemporaryFailureException {
    String[] answer = new String[1];
    exchange(
        requests,
        request,
        line -> {
          answer[0] = line;
          return false;
        },
        1);
    return answer[0].equals("OK");
  }

  /**
   * Asks for every account.
   *
   * @param action gets each line before the dot, on another thread, one at a time
   * @throws TemporaryFailureException as {@link #ask}
   */
  void list(Consumer<String> action) throws TemporaryFailureException {
    exchange(
        lists,
        "ENUMERATE\n".getBytes(US_ASCII),
        line -> {
          boolean goesOn = !line.equals(".");
          if (goesOn) {
            action.accept(line);
          }
          return goesOn;
        },
        Integer.MAX_VALUE);
  }

  /** A copy of the program. */
  private record Running(Process process, InputStream answers, FileTime changed) {

    /** Whether it waits for a request, and for nothing else. */
    boolean isUsable(FileTime now) {
      try {
        return process.isAlive() && answers.available() == 0 && changed.equals(now);
      } catch (IOException ended) {
        return false;
      }
    }

    void kill() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void exchange(BlockingCalls calls, byte[] request, Predicate<String> lines, int linesMax)
      throws TemporaryFailureException {
    byte[] copy = request.clone(); // this thread may give up before the other
    AtomicReference<Running> asked = new AtomicReference<>();
    try {
      calls.call(
          () -> {
            try {
              Running running = running();
              asked.set(running);
              exchange(running, copy, lines, linesMax);
            } finally {
              Arrays.fill(copy, (byte) 0);
            }
            return null;
          });
    } catch (TemporaryFailureException failed) {
      Running late = asked.get();
      if (late != null) {
        late.kill();
      }
      throw failed;
    }
  }

  private void exchange(Running running, byte[] request, Predicate<String> lines, int linesMax)
      throws TemporaryFailureException {
    boolean whole = false;
    try {
      running.process.getOutputStream().write(request);
      running.process.getOutputStream().flush();
      int count = 0;
      while (lines.test(line(running.answers))) {
        if (++count > linesMax) {
          throw new IOException("it answered with more than " + linesMax + " lines");
        }
      }
      whole = true;
      synchronized (idle) {
        idle.addFirst(running);
      }
    } catch (IOException failed) {
      throw failure(failed);
    } finally {
      if (!whole) {
        running.kill();
      }
    }
  }

  private TemporaryFailureException failure(IOException failed) {
    return new TemporaryFailureException(
        "authpipe: "
            + program
            + " gave no answer: "
            + failed.getMessage()
            + ". Run it by hand, type PRE . imap NAME and see what it says.",
        failed);
  }

  private Running running() throws TemporaryFailureException {
    try {
      FileTime now = Files.getLastModifiedTime(program);
      while (true) {
        Running kept;
        synchronized (idle) {
          kept = idle.pollFirst();
        }
        if (kept == null) {
          break;
        }
        if (kept.isUsable(now)) {
          return kept;
        }
        kept.kill();
      }
      Process process =
          new ProcessBuilder(program.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Running(
          process, new BufferedInputStream(process.getInputStream(), LINE_MAX_OCTETS), now);
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("it ended");
      }
      if (line.size() == LINE_MAX_OCTETS) {
        throw new IOException(
            "it answered with a line of more than " + LINE_MAX_OCTETS + " octets");
      }
      line.write(octet);
    }
    return line.toString(UTF_8);
  }

  /** Ends the copies that nobody waits for. */
  void stopIdle() {
    synchronized (idle) {
      idle.forEach(Running::kill);
      idle.clear();
    }
  }
}
