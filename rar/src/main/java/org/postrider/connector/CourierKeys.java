package org.postrider.connector;

import static org.postrider.connector.CourierKey.accepted;
import static org.postrider.connector.CourierKey.mapped;
import static org.postrider.connector.CourierKey.obeyed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All keys that Courier's files {@code imapd} and {@code imapd-ssl} may have: the one place that
 * tells which count here. The manual's table is this one, which a test sees to.
 */
final class CourierKeys {

  private static final String SERVICE_OF_PORT = "AUTHSERVICE";

  /** In the order of Courier's files. */
  static final List<CourierKey> ALL =
      List.of(
          obeyed("ADDRESS", "Where IMAP listens; `0` is every address."),
          obeyed("PORT", "A port or several, `143,127.0.0.1.1143`."),
          obeyed("AUTHSERVICE", "`AUTHSERVICE143=imap`: the service's name on a port."),
          obeyed("MAXDAEMONS", "Most connections at a time; beyond them a client reads why."),
          obeyed("MAXPERIP", "Most of them from one address."),
          accepted("PIDFILE", "`imapd start` writes `imapd.pid` into the data directory."),
          mapped("TCPDOPTS", "Options of couriertcpd, as far as there is a like here."),
          obeyed("IMAPACCESSFILE", "Who may connect, and settings by address."),
          accepted("LOGGEROPTS", "There is no courierlogger; lines go to `log/`."),
          obeyed("DEFDOMAIN", "Added to names without a domain."),
          obeyed("DOMAINSEP", "Characters by which a name has a domain."),
          mapped(
              "IMAP_CAPABILITY",
              "Of the words that Courier's own file has, those left out are not announced; the"
                  + " commands stay. `AUTH=` words switch mechanisms on. What Courier never had is"
                  + " announced: `imap.hidden-capabilities`."),
          obeyed("IMAP_KEYWORDS", "0: clients set none. 1 and 2 are the same: no change is lost."),
          mapped("IMAP_ACL", "0: ACL is not announced. Without the key it is."),
          accepted("SMAP_CAPABILITY", "SMAP is not spoken; no client but Cone did."),
          accepted("IMAP_CAPABILITY_ORIG", "A note of Courier's webadmin to itself."),
          obeyed("IMAP_PROXY", "1: accounts with the option `mailhost` are passed on."),
          obeyed("PROXY_HOSTNAME", "This server's own name among the mail hosts."),
          obeyed("IMAP_PROXY_FOREIGN", "1: the other server is not Courier."),
          accepted("IMAP_IDLE_TIMEOUT", "IDLE is told at once, or within half a second."),
          obeyed(
              "IMAP_MAILBOX_SANITY_CHECK",
              "0: nobody asks whose the Maildir is, where the server runs as an ordinary user."),
          mapped("IMAP_CAPABILITY_TLS", "As `IMAP_CAPABILITY`, once there is TLS."),
          accepted("IMAP_CAPABILITY_TLS_ORIG", "A note of Courier's webadmin to itself."),
          accepted("IMAP_TLS_ORIG", "A note of Courier's webadmin to itself."),
          obeyed(
              "IMAP_DISABLETHREADSORT",
              "1: SORT and THREAD are refused, and announced all the same."),
          obeyed("IMAP_CHECK_ALL_FOLDERS", "1: LIST tells of all mailboxes `\\Marked` or not."),
          obeyed(
              "IMAP_OBSOLETE_CLIENT",
              "1: `\\Noinferiors` instead of `\\HasNoChildren`; better by client:"
                  + " `imap.workarounds`."),
          accepted(
              "IMAP_UMASK",
              "Files have mode 644, less the umask of whoever starts the server, in directories of"
                  + " mode 700."),
          accepted("IMAP_ULIMITD", "The memory of the server is the JVM's: `-Xmx`."),
          accepted("IMAP_USELOCKS", "Locks are always used; without them UIDs are given twice."),
          obeyed("IMAP_SHAREDINDEXFILE", "The index of virtual shared folders."),
          obeyed("IMAP_SHAREDMUNGENAMES", "1: `.` and `/` in its names are escaped."),
          accepted("IMAP_BROKENUIDV", "DELETE and RENAME never wait; no UIDVALIDITY comes twice."),
          accepted("IMAP_ENHANCEDIDLE", "IDLE always tells what the system tells."),
          obeyed("IMAP_TRASHFOLDERNAME", "The folder that can't be deleted or renamed."),
          obeyed("IMAP_EMPTYTRASH", "`Trash:7,Sent:30`: what is older goes."),
          obeyed("IMAP_MOVE_EXPUNGE_TO_TRASH", "1: expunged messages go into the Trash."),
          obeyed("IMAP_LOG_DELETIONS", "1: a line of the log for each expunged message."),
          obeyed("AUTH_MKHOMEDIR_SKEL", "What new homes are copied from."),
          accepted("IMAPDEBUGFILE", "No Maildir has its sessions written into it."),
          obeyed("OUTBOX", "`.Outbox`: the mailbox that sends what is put into it."),
          obeyed("SENDMAIL", "The program that sends it."),
          obeyed("HEADERFROM", "The header field that tells the program who sends."),
          obeyed("OUTBOX_MULTIPLE_SEND", "1: several messages may be copied there at a time."),
          obeyed("IMAP_ID_FIELDS", "ID tells version (1), system (2), its version (4)."),
          accepted("IMAPDSTART", "The units and scripts that are enabled are started."),
          mapped(
              "MAILDIRPATH",
              "Where the mail of accounts is whose record names no Maildir, or names `Maildir`."),
          obeyed("SSLPORT", "As `PORT`, for IMAPS."),
          obeyed("SSLADDRESS", "As `ADDRESS`, for IMAPS."),
          accepted("SSLPIDFILE", "One process serves both."),
          accepted("SSLLOGGEROPTS", "As `LOGGEROPTS`."),
          accepted("IMAPDSSLSTART", "As `IMAPDSTART`."),
          obeyed("IMAPDSTARTTLS", "NO: STARTTLS is not offered."),
          mapped(
              "IMAP_TLS_REQUIRED",
              "1: passwords need TLS, also from this machine (`imap.plaintext-sign-in=never`)."),
          accepted("COURIERTLS", "TLS is made by the server itself."),
          accepted("TLS_PRIORITY", "TLS 1.2 and 1.3, with forward secrecy; never less."),
          accepted("TLS_PROTOCOL", "TLS 1.2 and 1.3; never less."),
          accepted("TLS_CIPHER_LIST", "Suites with forward secrecy and authenticated encryption."),
          accepted("TLS_STARTTLS_PROTOCOL", "As `TLS_PROTOCOL`."),
          accepted("TLS_MIN_DH_BITS", "Keys are agreed on over elliptic curves."),
          accepted("TLS_TIMEOUT", "It does nothing with Courier either."),
          obeyed("TLS_CERTFILE", "Key, certificate and chain."),
          accepted("TLS_PRIVATE_KEYFILE", "The key has to be in `TLS_CERTFILE` as well."),
          accepted("TLS_DHPARAMS", "Keys are agreed on over elliptic curves."),
          obeyed("TLS_TRUSTCERTS", "Who signs client certificates."),
          obeyed("TLS_VERIFYPEER", "NONE, PEER, REQUIREPEER."),
          obeyed("TLS_EXTERNAL", "What in a client certificate names the account."),
          accepted("TLS_CACHEFILE", "TLS sessions are kept in memory."),
          accepted("TLS_CACHESIZE", "TLS sessions are kept in memory."),
          accepted("TLS_ALPN", "Clients that ask for a protocol by ALPN are not refused."));

  private CourierKeys() {}

  /** The key of that name. */
  static Optional<CourierKey> find(String name) {
    boolean isService =
        name.startsWith(SERVICE_OF_PORT)
            && name.substring(SERVICE_OF_PORT.length()).matches("[0-9]{1,5}");
    String sought = isService ? SERVICE_OF_PORT : name;
    return ALL.stream().filter(key -> key.name().equals(sought)).findFirst();
  }

  /**
   * What an administrator is told at the start: which keys in the files nobody knows, and which do
   * nothing here. Courier's files as they come have a number of the latter.
   *
   * @return sentences; none where every key counts
   */
  static List<String> remarks(CourierSettings settings) {
    TreeSet<String> unknown = new TreeSet<>();
    TreeSet<String> idle = new TreeSet<>();
    for (String name : settings.values().keySet()) {
      Optional<CourierKey> key = find(name);
      if (key.isEmpty()) {
        unknown.add(name);
      } else if (key.get().fate() == CourierKey.Fate.ACCEPTED) {
        idle.add(name);
      }
    }
    List<String> remarks = new ArrayList<>();
    if (!idle.isEmpty()) {
      remarks.add(
          "Of the keys in etc/imapd and etc/imapd-ssl these change nothing here (the manual says"
              + " why): "
              + String.join(", ", idle));
    }
    if (!unknown.isEmpty()) {
      remarks.add(
          "These keys in etc/imapd and etc/imapd-ssl are none of Courier's, and change nothing;"
              + " are they misspelt? "
              + String.join(", ", unknown));
    }
    return remarks;
  }
}
