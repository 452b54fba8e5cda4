package org.postrider.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Debian's Dovecot: accounts in a passwd-file; the modules before the last one are passwd-files
 * with other accounts. Its login processes serve many connections each, which its documentation
 * calls the high-performance mode; limits are raised so that nobody is refused.
 *
 * <p>The package dovecot-imapd can't be installed beside courier-imap, so it is only unpacked, and
 * laid over {@code /usr/lib} in a namespace that ends with the server.
 */
final class DovecotPeer implements Peer {

  @Override
  public String name() {
    return "Dovecot";
  }

  @Override
  public String version() throws IOException, InterruptedException {
    return Child.run("dovecot", "--version").strip();
  }

  @Override
  public RunningServer start(Site site) throws IOException, InterruptedException {
    Path directory = site.directory();
    List<InetSocketAddress> ports = Child.freePorts(2);
    Site.writePrivate(
        directory.resolve("users"),
        site.lines(
            (name, hash) ->
                "%s:%s%s:%d:%d::%s::"
                    .formatted(
                        name,
                        hash == Site.Hash.SHA256 ? "{SHA256}" : "{CRYPT}",
                        site.secret(hash),
                        Site.OWNER,
                        Site.OWNER,
                        site.home(name))));
    StringBuilder passdbs = new StringBuilder();
    for (int i = 1; i < site.modules(); i++) {
      Path others = directory.resolve("others" + i);
      Site.writePrivate(others, site.lines((name, hash) -> "other-" + name + ":*:1:1::/nowhere::"));
      passdbs.append(passdb(others));
    }
    passdbs.append(passdb(directory.resolve("users")));
    Child.run("chown", "dovecot", directory.resolve("users").toString());
    for (int i = 1; i < site.modules(); i++) {
      Child.run("chown", "dovecot", directory.resolve("others" + i).toString());
    }
    Path file = directory.resolve("dovecot.conf");
    Files.writeString(
        file,
        """
        base_dir = %1$s/run
        state_dir = %1$s/state
        log_path = %1$s/dovecot.log
        protocols = imap
        listen = 127.0.0.1
        ssl = yes
        ssl_cert = <%2$s
        ssl_key = <%2$s
        disable_plaintext_auth = no
        auth_mechanisms = plain login
        mail_location = maildir:~/Maildir
        first_valid_uid = %3$d
        mail_max_userip_connections = 0
        default_process_limit = 1000
        default_client_limit = 4000
        service imap-login {
          service_count = 0
          process_min_avail = 2
          client_limit = 2000
          inet_listener imap {
            port = %4$d
          }
          inet_listener imaps {
            port = %5$d
            ssl = yes
          }
        }
        service imap {
          process_limit = 1000
        }
        %6$s
        userdb {
          driver = passwd-file
          args = %1$s/users
        }
        """
            .formatted(
                directory,
                site.certificate(),
                Site.OWNER,
                ports.get(0).getPort(),
                ports.get(1).getPort(),
                passdbs));
    Path imapd = Files.createDirectories(directory.resolve("imapd"));
    Child.run(
        "sh",
        "-c",
        "cd \"$1\" && apt-get download -q dovecot-imapd && dpkg-deb -x dovecot-imapd_*.deb .",
        "sh",
        imapd.toString());
    Child child =
        Child.start(
            List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                "mount -t overlay overlay -o lowerdir=\"$1\"/usr/lib:/usr/lib /usr/lib"
                    + " && exec dovecot -F -c \"$2\"",
                "sh",
                imapd.toString(),
                file.toString()),
            directory.resolve("output.log"));
    child.awaitGreeting(ports.get(0));
    return new ChildServer(site, child, ports.get(0), ports.get(1));
  }

  private static String passdb(Path file) {
    return "passdb {\n  driver = passwd-file\n  args = " + file + "\n}\n";
  }
}
