package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpdOptionsTest {

  private final Logger log = Logger.getLogger(TcpdOptions.class.getName());
  private final List<String> said = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          said.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    log.removeHandler(handler);
  }

  private static TcpdOptions read(String options) {
    return TcpdOptions.read(new CourierSettings(Map.of("TCPDOPTS", options)));
  }

  @Test
  void thoseOfEveryCourierSiteAreNothingToTalkAbout() {
    read("-nodnslookup -noidentlookup");
    assertThat(said).isEmpty();
  }

  @Test
  void theAccessFileAndWhatIsReadByTheDeniedAreObeyed() {
    TcpdOptions options = read("-nodnslookup -access=/etc/courier/ours.dat -denymsg=go-away");
    assertThat(options.accessFile()).contains(Path.of("/etc/courier/ours"));
    assertThat(options.denial()).contains("go-away");
    assertThat(said).isEmpty();
  }

  @Test
  void anyOtherIsNamedWithTheReason() {
    read("-block=zen.example.com,BLOCK -haproxy=1");
    assertThat(said)
        .hasSize(2)
        .anyMatch(line -> line.startsWith("TCPDOPTS: -block is not obeyed: lists of mail relays"))
        .anyMatch(line -> line.startsWith("TCPDOPTS: -haproxy is not obeyed: there is nothing"));
  }

  @Test
  void aTraceInMaildirsIsNotWritten() {
    TcpdOptions.read(new CourierSettings(Map.of("IMAPDEBUGFILE", "imaplog.dat")));
    assertThat(said).singleElement().asString().startsWith("IMAPDEBUGFILE has no effect");
  }
}
