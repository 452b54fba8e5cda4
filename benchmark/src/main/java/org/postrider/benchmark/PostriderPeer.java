package org.postrider.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * The EAR in the provisioned WildFly, as {@code mvn -Prun} starts it. The modules before the last
 * one are userdbs with other accounts.
 *
 * @param server the provisioned WildFly
 */
record PostriderPeer(Path server, Path ear) implements Peer {

  @Override
  public String name() {
    return "Postrider";
  }

  @Override
  public String version() {
    return "of this checkout, Java " + Runtime.version().feature();
  }

  @Override
  public RunningServer start(Site site) throws IOException, InterruptedException {
    Path home = site.directory().resolve("data");
    Path etc = home.resolve("etc");
    site.writeUserdb(etc.resolve("userdb"));
    Site.writePrivate(home.resolve("tls/imapd.pem"), Files.readString(site.certificate()));
    StringBuilder jaas = new StringBuilder();
    StringBuilder modules = new StringBuilder();
    for (int i = 1; i < site.modules(); i++) {
      Site.writePrivate(
          etc.resolve("others" + i),
          site.lines((name, hash) -> "other-" + name + "\tuid=1|gid=1|home=/nowhere|systempw=*"));
      jaas.append(
          "others%1$d { org.postrider.auth.UserdbLoginModule required userdb=\"etc/others%1$d\"; };\n"
              .formatted(i));
      modules.append("others").append(i).append(' ');
    }
    if (site.modules() > 1) {
      Files.writeString(etc.resolve("jaas.conf"), jaas);
    }
    Files.writeString(
        etc.resolve("authdaemonrc"), "authmodulelist=\"" + modules + "authuserdb\"\n");
    Child.run("env", "POSTRIDER_HOME=" + home, server.resolve("sbin/makeuserdb").toString());

    List<InetSocketAddress> ports = Child.freePorts(4);
    Properties settings = new Properties();
    List<String> names =
        List.of("imap.port", "imaps.port", "console.port", "jboss.management.http.port");
    for (int i = 0; i < names.size(); i++) {
      settings.setProperty(names.get(i), Integer.toString(ports.get(i).getPort()));
    }
    settings.setProperty("postrider.home", home.toString());
    settings.setProperty("imap.plaintext-sign-in", "always");
    Path file = site.directory().resolve("run.properties");
    try (var out = Files.newBufferedWriter(file, UTF_8)) {
      settings.store(out, null);
    }
    Child child =
        Child.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-jar",
                server.resolve("jboss-modules.jar").toString(),
                "-mp",
                server.resolve("modules").toString(),
                "org.postrider.tool",
                "run",
                "--server=" + server,
                "--ear=" + ear,
                "--run=" + site.directory().resolve("run"),
                "--settings=" + file,
                "--failure=" + site.directory().resolve("run.failure"),
                "--home=" + home),
            site.directory().resolve("postrider.log"));
    child.awaitGreeting(ports.get(0));
    return new ChildServer(site, child, ports.get(0), ports.get(1));
  }
}
