package org.postrider.tool;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/**
 * {@code imapd} and {@code imapd-ssl}: start and stop the installed server. One process serves both
 * protocols, so the two names do the same.
 */
final class ImapdTool implements Tool {

  // The exit codes of the Linux Standard Base for such scripts.
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int NOT_PERMITTED = 4;
  private static final int DEAD = 1;
  private static final int NOT_RUNNING = 3;
  private static final int UNKNOWN = 4;

  private static final String USAGE =
      "start | stop | restart | try-restart | force-reload | status | foreground";

  private final String name;

  ImapdTool(String name) {
    this.name = name;
  }

  @Override
  public Manual manual() {
    return Manual.of(name, 8, "starts and stops the server")
        .use(USAGE)
        .use("--help")
        .text(
            "Controls the server in whose sbin directory it is. One process serves IMAP and IMAPS"
                + " and the console: imapd and imapd-ssl do the same, so that scripts which call"
                + " both go on to work. To have one of the two protocols only, close the other's"
                + " port to the outside: IMAPDSTARTTLS, ADDRESS and SSLADDRESS in etc/imapd and"
                + " etc/imapd-ssl say where each listens.")
        .item(
            "start",
            "Makes what is missing in the data directory (directories, a certificate), starts the"
                + " server in the background, and returns when it greets. If it cannot, it says why"
                + " and leaves nothing running. If it runs already, nothing happens.")
        .item(
            "stop",
            "Ends it: clients are told (BYE), and what they were told before is on disk. A server"
                + " that has not ended after 30 seconds is killed. If none runs, nothing happens.")
        .item("restart, force-reload", "Both, one after the other.")
        .item("try-restart", "The same, but only if it runs.")
        .item("status", "Says whether it runs, and where.")
        .item(
            "foreground",
            "For systemd and the like: starts it, tells systemd that it is ready, returns when it"
                + " has ended, and takes it along on SIGTERM.")
        .text(
            "Run by root, the server becomes the owner of the data directory, and keeps from root"
                + " only the right to listen on ports below 1024. If root owns that, the server"
                + " runs as root, and can serve accounts of many users.")
        .chapter("EXIT STATUS")
        .item("0", "Done, or there was nothing to do; status: it runs.")
        .item("1", "It was not done, and why was printed; status: it died.")
        .item("2", "Wrong arguments.")
        .item("3", "status: it does not run.")
        .item("4", "Not permitted; status: that cannot be told.")
        .chapter("FILES")
        .item("etc/imapd, etc/imapd-ssl", "In the data directory: Courier's settings, optional.")
        .item(
            "etc/postrider.properties",
            "Settings as lines NAME=VALUE: imap.port, console.address and the others of the manual."
                + " They win over Courier's.")
        .item("imapd.pid", "The process. Courier's PIDFILE and SSLPIDFILE are not used.")
        .item("log/server.log, log/console.log", "What happened; what the Java process wrote.")
        .item("run/", "Made anew by each start, from the server's standalone/configuration.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_HOME", "The data directory, if not the one that was installed.")
        .item("JAVA_OPTS", "More options for the server's Java, such as -Xmx4g.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "restart reads all settings anew, and clients have to connect again. stop of imapd-ssl"
                + " stops IMAP as well. Failures have exit codes. authdaemond is not needed.")
        .see("mkimapdcert(8)", "userdb(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    String action = arguments.size() == 1 ? arguments.getFirst() : "";
    if (!List.of(USAGE.split(" \\| ")).contains(action)) {
      throw new ToolException(WRONG_USE, "Usage: " + name + " " + USAGE);
    }
    Path home = places.home();
    InstalledServer server = new InstalledServer(places.server(), home);
    try {
      if (action.equals("status")) {
        return status(server, terminal);
      }
      Optional<Integer> asOwner = asOwner(home, action, places);
      return asOwner.isPresent()
          ? asOwner.get()
          : act(action, server, terminal, places.environment());
    } catch (CannotGoOnException failed) {
      throw new ToolException(FAILED, name + ": " + failed.getMessage());
    } catch (AccessDeniedException denied) {
      int exit = action.equals("status") ? UNKNOWN : NOT_PERMITTED;
      throw new ToolException(exit, name + ": " + ToolException.reason(denied));
    } catch (IOException failed) {
      throw new ToolException(FAILED, name + ": " + ToolException.reason(failed));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ToolException(FAILED, name + ": interrupted.");
    }
  }

  private int act(
      String action, InstalledServer server, Terminal terminal, Map<String, String> environment)
      throws CannotGoOnException, IOException, InterruptedException {
    switch (action) {
      case "start" -> start(server, terminal, environment);
      case "stop" -> stop(server, terminal);
      case "foreground" -> {
        return foreground(server, terminal, environment);
      }
      default -> {
        if (!stop(server, terminal) && action.equals("try-restart")) {
          return 0;
        }
        start(server, terminal, environment);
      }
    }
    return 0;
  }

  private InstalledServer.Started start(
      InstalledServer server, Terminal terminal, Map<String, String> environment)
      throws CannotGoOnException, IOException, InterruptedException {
    InstalledServer.Started started = server.start(javaOptions(environment));
    Listeners listeners = started.listeners();
    terminal
        .out()
        .printf(
            "%s: %s (pid %d): IMAP %s, IMAPS %s, console https://%s/%n",
            name,
            started.already() ? "already running" : "running",
            started.pid(),
            listeners.imap().hostAndPort(),
            listeners.imaps().hostAndPort(),
            listeners.console().hostAndPort());
    if (!started.already()) {
      started
          .ready()
          .setupCode()
          .ifPresent(
              code ->
                  terminal
                      .out()
                      .printf(
                          "%s: set-up code %s makes the first administrator, in the console%n",
                          name, code));
    }
    terminal.out().flush();
    return started;
  }

  private boolean stop(InstalledServer server, Terminal terminal)
      throws CannotGoOnException, IOException {
    boolean ran = server.stop();
    terminal.out().println(name + (ran ? ": stopped" : ": not running"));
    terminal.out().flush();
    return ran;
  }

  private int foreground(InstalledServer server, Terminal terminal, Map<String, String> environment)
      throws CannotGoOnException, IOException, InterruptedException {
    Thread hook = Thread.ofPlatform().unstarted(server::endLaunched);
    Runtime.getRuntime().addShutdownHook(hook);
    InstalledServer.Started started = start(server, terminal, environment);
    if (started.already()) {
      Runtime.getRuntime().removeShutdownHook(hook);
      return FAILED; // another's: not ours to wait for, nor to stop
    }
    if (!environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty()) {
      Process notify = new ProcessBuilder("systemd-notify", "--ready").inheritIO().start();
      if (!notify.waitFor(10, TimeUnit.SECONDS)) {
        notify.destroyForcibly();
      }
    }
    return server.awaitEnd() ? 0 : FAILED;
  }

  private int status(InstalledServer server, Terminal terminal) throws IOException {
    return switch (server.state()) {
      case RUNNING -> {
        terminal.out().println(name + ": running (pid " + server.pid().orElse(0L) + ")");
        yield 0;
      }
      case DEAD -> {
        terminal
            .out()
            .println(name + ": dead, and " + server.pidFile() + " is there; see " + server.log());
        yield DEAD;
      }
      case STOPPED -> {
        terminal.out().println(name + ": not running");
        yield NOT_RUNNING;
      }
    };
  }

  private static List<String> javaOptions(Map<String, String> environment) {
    String options = environment.getOrDefault("JAVA_OPTS", "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }

  /** Where root calls, and somebody else owns the data: that one's exit code. */
  private Optional<Integer> asOwner(Path home, String action, Places places)
      throws CannotGoOnException, IOException, InterruptedException {
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    int uid = (Integer) Files.getAttribute(home, "unix:uid");
    int gid = (Integer) Files.getAttribute(home, "unix:gid");
    if (self != 0 || uid == 0) {
      return Optional.empty();
    }
    Path setpriv = Path.of("/usr/bin/setpriv");
    if (!Files.isExecutable(setpriv)) {
      throw new CannotGoOnException(
          "%s belongs to uid %d, which only setpriv(1) can become: install util-linux, or run this as that user."
              .formatted(home, uid));
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(setpriv.toString(), "--reuid=" + uid, "--regid=" + gid));
    command.add(
        Files.getAttribute(home, "posix:owner").toString().equals(Integer.toString(uid))
            ? "--clear-groups"
            : "--init-groups");
    command.addAll(List.of("--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"));
    command.addAll(List.of(places.server().resolve("sbin").resolve(name).toString(), action));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("POSTRIDER_HOME", home.toString());
    Process process = builder.start();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      process.destroy();
                      process.onExit().join();
                    }));
    return Optional.of(process.waitFor());
  }
}
