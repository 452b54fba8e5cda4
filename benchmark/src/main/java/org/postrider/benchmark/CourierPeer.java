package org.postrider.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Debian's Courier-IMAP with authdaemond: accounts in userdb; the modules before it are authcustom
 * and authpam, which does not know the accounts. Courier's places are compiled in, so it runs where
 * {@code /etc/courier} and {@code /run/courier} are directories of its own, in a namespace that
 * ends with it. As Debian starts it, but for the limits, which are raised so that nobody is
 * refused.
 */
final class CourierPeer implements Peer {

  private static final String SCRIPT =
      """
      set -e
      mount --bind "$1/etc" /etc/courier
      mount -t tmpfs tmpfs /run
      mkdir -p -m 755 /run/courier/authdaemon
      makeuserdb
      /usr/lib/courier/courier-authlib/authdaemond &
      set -a
      prefix=/usr exec_prefix=/usr sbindir=/usr/sbin bindir=/usr/bin
      . /etc/courier/imapd
      . /etc/courier/imapd-ssl
      tcpd="/usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=1000 -maxperip=1000 -nodnslookup -noidentlookup"
      # As sbin/imapd-ssl has it, and then as sbin/imapd has it.
      IMAP_TLS=1 $tcpd "$3" $COURIERTLS -server -tcpd -user=courier /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir &
      $tcpd "$2" /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir &
      wait
      """;

  @Override
  public String name() {
    return "Courier";
  }

  @Override
  public String version() throws IOException, InterruptedException {
    return Child.run("dpkg-query", "-W", "-f=${Version}", "courier-imap");
  }

  @Override
  public RunningServer start(Site site) throws IOException, InterruptedException {
    Path directory = site.directory();
    Path etc = Files.createDirectories(directory.resolve("etc"));
    for (String name : List.of("imapd", "imapd-ssl")) {
      Files.copy(Path.of("/etc/courier", name), etc.resolve(name));
    }
    Files.writeString(
        etc.resolve("imapd-ssl"),
        "\nTLS_CERTFILE=/etc/courier/imapd.pem\nTLS_CACHEFILE=\nTLS_DHPARAMS=\nTLS_TRUSTCERTS=\n",
        StandardOpenOption.APPEND);
    Files.writeString(etc.resolve("imapd"), "\nIMAP_ULIMITD=\n", StandardOpenOption.APPEND);
    Site.writePrivate(etc.resolve("imapd.pem"), Files.readString(site.certificate()));
    Child.run("chown", "courier", etc.resolve("imapd.pem").toString());
    site.writeUserdb(etc.resolve("userdb"));
    Files.writeString(
        etc.resolve("authdaemonrc"),
        """
        authmodulelist="%sauthuserdb"
        daemons=5
        authdaemonvar=/run/courier/authdaemon
        DEBUG_LOGIN=0
        DEFAULTOPTIONS=""
        LOGGEROPTS=""
        """
            .formatted(site.modules() == 1 ? "" : "authcustom authpam "));
    List<InetSocketAddress> ports = Child.freePorts(2);
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
                SCRIPT,
                "sh",
                directory.toString(),
                Integer.toString(ports.get(0).getPort()),
                Integer.toString(ports.get(1).getPort())),
            directory.resolve("output.log"));
    child.awaitGreeting(ports.get(0));
    return new ChildServer(site, child, ports.get(0), ports.get(1));
  }
}
