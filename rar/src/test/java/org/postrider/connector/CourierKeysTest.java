package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postrider.connector.CourierKey.Fate;

class CourierKeysTest {

  private static final Path TOP = Path.of("..");

  @Test
  void theManualHasTheSameTable() throws IOException {
    List<String> rows = CourierKeys.ALL.stream().map(CourierKey::row).toList();
    assertThat(Files.readAllLines(TOP.resolve("docs/manual.md")))
        .as("the table in docs/manual.md, section Courier's keys")
        .containsSequence(rows);
  }

  /** Whoever says that a key is obeyed has it somewhere in the code. */
  @Test
  void whatIsObeyedIsReadSomewhere() throws IOException {
    StringBuilder code = new StringBuilder();
    for (String module : List.of("rar", "ejb", "wildfly-config")) {
      try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
          if (!file.endsWith("CourierKeys.java")) {
            code.append(Files.readString(file));
          }
        }
      }
    }
    for (CourierKey key : CourierKeys.ALL) {
      if (key.fate() == Fate.ACCEPTED) {
        continue;
      }
      boolean isRead =
          code.indexOf('"' + key.name() + '"') >= 0
              || (key.name().equals("AUTHSERVICE") && code.indexOf("\"AUTHSERVICE(") >= 0);
      assertThat(isRead).as("%s is read", key.name()).isTrue();
    }
  }

  @Test
  void noKeyComesTwice() {
    assertThat(CourierKeys.ALL).extracting(CourierKey::name).doesNotHaveDuplicates();
  }

  /** All that is set in the files of courier-imap 5.0.13 as they are installed. */
  @Test
  void everyKeyOfCouriersOwnFilesIsKnown() {
    String imapd =
        "ADDRESS PORT MAXDAEMONS MAXPERIP PIDFILE TCPDOPTS IMAPACCESSFILE LOGGEROPTS"
            + " IMAP_CAPABILITY IMAP_KEYWORDS IMAP_ACL IMAP_CAPABILITY_ORIG IMAP_PROXY"
            + " IMAP_PROXY_FOREIGN IMAP_IDLE_TIMEOUT IMAP_MAILBOX_SANITY_CHECK"
            + " IMAP_CAPABILITY_TLS IMAP_CAPABILITY_TLS_ORIG IMAP_DISABLETHREADSORT"
            + " IMAP_CHECK_ALL_FOLDERS IMAP_OBSOLETE_CLIENT IMAP_UMASK IMAP_ULIMITD"
            + " IMAP_USELOCKS IMAP_SHAREDINDEXFILE IMAP_ENHANCEDIDLE IMAP_TRASHFOLDERNAME"
            + " IMAP_EMPTYTRASH IMAP_MOVE_EXPUNGE_TO_TRASH SENDMAIL HEADERFROM IMAPDSTART"
            + " MAILDIRPATH AUTHSERVICE143";
    String ssl =
        "SSLPORT SSLADDRESS SSLPIDFILE SSLLOGGEROPTS IMAPDSSLSTART IMAPDSTARTTLS"
            + " IMAP_TLS_REQUIRED COURIERTLS TLS_STARTTLS_PROTOCOL TLS_CERTFILE TLS_DHPARAMS"
            + " TLS_TRUSTCERTS TLS_VERIFYPEER TLS_CACHEFILE TLS_CACHESIZE MAILDIRPATH";
    for (String name : (imapd + " " + ssl).split(" ")) {
      assertThat(CourierKeys.find(name)).as(name).isPresent();
    }
  }

  @Test
  void theAdministratorIsToldOnceOfWhatDoesNothing() {
    assertThat(
            CourierKeys.remarks(
                new CourierSettings(
                    Map.of(
                        "PORT", "143",
                        "IMAP_ULIMITD", "65536",
                        "TLS_DHPARAMS", "x",
                        "IMAP_KEYWORD", "1",
                        "AUTHSERVICEX", "imap"))))
        .containsExactly(
            "Of the keys in etc/imapd and etc/imapd-ssl these change nothing here (the manual says"
                + " why): IMAP_ULIMITD, TLS_DHPARAMS",
            "These keys in etc/imapd and etc/imapd-ssl are none of Courier's, and change nothing;"
                + " are they misspelt? AUTHSERVICEX, IMAP_KEYWORD");
    assertThat(CourierKeys.remarks(new CourierSettings(Map.of("PORT", "143")))).isEmpty();
  }
}
