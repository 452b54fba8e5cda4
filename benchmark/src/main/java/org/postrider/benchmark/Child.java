package org.postrider.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that this one starts, and ends. */
final class Child implements AutoCloseable {

  /** What Linux has on every machine that Debian knows: sysconf(_SC_CLK_TCK). */
  private static final double TICKS_PER_SECOND = 100;

  private static final long START_MAX_SECONDS = 180;
  private static final long STOP_MAX_SECONDS = 20;

  private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

  private final Process process;
  private final boolean ownNamespace;
  private final Path log;

  private Child(Process process, boolean ownNamespace, Path log) {
    this.process = process;
    this.ownNamespace = ownNamespace;
    this.log = log;
  }

  /**
   * Starts a server.
   *
   * @param log takes all that it writes
   */
  static Child start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    Child child = new Child(process, command.getFirst().equals("unshare"), log);
    RUNNING.add(child);
    return child;
  }

  /** Runs a program to its end; what it wrote. An error unless it succeeds. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit + ":\n" + output);
    }
    return output;
  }

  /** Ports of the loopback address that nobody uses now. */
  static List<InetSocketAddress> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<InetSocketAddress> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        sockets.add(socket);
        ports.add(new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()));
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }

  /** Waits until it greets. */
  void awaitGreeting(InetSocketAddress imap) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_MAX_SECONDS);
    while (!greets(imap)) {
      boolean ended = process.waitFor(200, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() > end) {
        close();
        throw new IOException("A server did not start; it wrote:\n" + Files.readString(log));
      }
    }
  }

  private static boolean greets(InetSocketAddress imap) {
    try (ImapSocket client = ImapSocket.connect(imap, null)) {
      client.ok("LOGOUT");
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Its own time and that of its children, and of theirs, whether they run or have ended. */
  double processorSeconds() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(handle -> processorSeconds(handle.pid()))
        .sum();
  }

  private static double processorSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // After the name, which may have anything in it: utime, stime, cutime and cstime (proc(5)).
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int field = 11; field <= 14; field++) {
        ticks += Long.parseLong(fields[field]);
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException ended) {
      return 0; // its parent has its time now
    }
  }

  /** Ends it and its children, at once where it holds them in a namespace of their own. */
  @Override
  public void close() throws InterruptedException {
    RUNNING.remove(this);
    if (ownNamespace) {
      process.destroyForcibly().waitFor();
      return;
    }
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(STOP_MAX_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends all that were started and did not end yet. */
  static void closeAll() throws InterruptedException {
    for (Child child : RUNNING) {
      child.close();
    }
  }
}
