package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * WildFly's command line, as an administrator uses it: against a server that runs, or offline
 * against a configuration.
 *
 * @param directory room to work in
 */
record WildflyCli(Path directory) {

  /** Runs lines against a server that runs; one that fails is an error. What it answered. */
  String on(PostriderServer server, List<String> lines) throws IOException, InterruptedException {
    return run(
        List.of("--connect", "--controller=remote+http://127.0.0.1:" + server.managementPort()),
        List.of(),
        lines);
  }

  /**
   * Runs lines against the configuration of a server that does not run.
   *
   * @param base with {@code configuration/standalone.xml} in it
   */
  String offline(Path base, List<String> lines) throws IOException, InterruptedException {
    List<String> script = new ArrayList<>();
    script.add("embed-server --server-config=standalone.xml --std-out=discard");
    script.addAll(lines);
    script.add("stop-embedded-server");
    return run(
        List.of(), List.of("-Djboss.server.base.dir=" + base, "-Dpostrider.home=" + base), script);
  }

  private String run(List<String> connection, List<String> properties, List<String> lines)
      throws IOException, InterruptedException {
    Path server = PostriderServer.property("postrider.it.server");
    Files.createDirectories(directory);
    Path script = Files.createTempFile(directory, "script", ".cli");
    Files.write(script, lines, UTF_8);
    List<String> arguments = new ArrayList<>();
    arguments.add("JBOSS_HOME=" + server);
    arguments.add(PostriderServer.java().toString());
    arguments.addAll(properties);
    arguments.addAll(
        List.of(
            "-Dlogging.configuration=file:" + server.resolve("bin/jboss-cli-logging.properties"),
            "-XX:TieredStopAtLevel=1",
            "-jar",
            server.resolve("jboss-modules.jar").toString(),
            "-mp",
            server.resolve("modules").toString(),
            "org.jboss.as.cli"));
    arguments.addAll(connection);
    arguments.add("--file=" + script);
    return new Program(Path.of("/usr/bin/env"), directory).run(arguments).succeeded();
  }
}
