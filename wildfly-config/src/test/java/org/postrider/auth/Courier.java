package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Courier's own programs with a directory of a test in the place of {@code /etc/courier}, which is
 * compiled into them. They run in a mount namespace, and a user namespace where the test is not
 * root, so that the machine's own configuration is neither seen nor touched; and in a process
 * namespace, so that nothing outlives the command.
 */
final class Courier {

  private static final String MOUNTS =
      """
      set -e
      mount --bind "$1" /etc/courier
      mount -t tmpfs tmpfs /run
      mkdir -p /run/courier/authdaemon
      """;

  private static final String AUTHDAEMOND =
      """
      /usr/lib/courier/courier-authlib/authdaemond 2> /dev/null &
      tries=0
      until [ -S /run/courier/authdaemon/socket ]; do
        [ $((tries += 1)) -lt 200 ]
        sleep 0.05
      done
      set +e
      """;

  private static final String AUTHDAEMONRC =
      """
      authmodulelist="authuserdb"
      authmodulelistorig="authuserdb"
      daemons=1
      authdaemonvar=/run/courier/authdaemon
      DEBUG_LOGIN=0
      DEFAULTOPTIONS=""
      LOGGEROPTS=""
      """;

  private final Path etc;

  private Courier(Path etc) {
    this.etc = etc;
  }

  static Courier in(Path etc) {
    return new Courier(etc);
  }

  /** Runs a shell command, which must succeed, and gives what it printed. */
  String run(String command) throws IOException, InterruptedException {
    return shell(MOUNTS + command + "\n");
  }

  /** The same with authdaemond running, whose only module is authuserdb. */
  String withAuthdaemond(String command) throws IOException, InterruptedException {
    Files.writeString(etc.resolve("authdaemonrc"), AUTHDAEMONRC);
    return shell(MOUNTS + AUTHDAEMOND + command + "\n");
  }

  private String shell(String script) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.add("--map-root-user");
    }
    command.addAll(List.of("sh", "-c", script, "sh", etc.toString()));
    Path output = Files.createTempFile("courier", null);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile());
      builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      Process process = builder.start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output);
      assertThat(ended).as(text).isTrue();
      assertThat(process.exitValue()).as(text).isZero();
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
