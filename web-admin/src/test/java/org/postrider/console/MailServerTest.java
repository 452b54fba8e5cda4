package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.postrider.connector.ImapServerMXBean;

class MailServerTest {

  private static final class Watch extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final Watch watch = new Watch();
  private final Given.Server bean = new Given.Server();

  @Test
  void itIsAskedOnceASecondHoweverManyPagesAreOpen() {
    MailServer server = new MailServer(() -> bean, watch);
    for (int i = 0; i < 50; i++) {
      server.ask();
    }
    assertThat(bean.asked).isEqualTo(1);
    watch.now = watch.now.plus(Duration.ofMillis(1_001));
    server.ask();
    assertThat(bean.asked).isEqualTo(2);
  }

  @Test
  void theLastAnswerStaysWithItsTimeWhenTheServerIsGone() {
    ImapServerMXBean[] registered = {bean};
    bean.listeners = List.of(Given.listener("imaps", ""));
    MailServer server = new MailServer(() -> registered[0], watch);
    Instant answered = watch.now;
    assertThat(server.ask().current()).isTrue();
    registered[0] = null;
    watch.now = watch.now.plusSeconds(60);
    assertThat(server.ask())
        .isEqualTo(new MailServer.Answer(answered, false, bean.listeners, List.of()));
  }

  @Test
  void aServerThatNeverAnsweredHasNoTime() {
    assertThat(new MailServer(() -> null, watch).ask())
        .isEqualTo(new MailServer.Answer(null, false, List.of(), List.of()));
  }

  @Test
  void afterASessionHasEndedTheServerIsAskedAgain() {
    bean.sessions = List.of(Given.session("7", "a@example.org", "192.0.2.1", "", 1));
    MailServer server = new MailServer(() -> bean, watch);
    server.ask();
    assertThat(server.disconnect("7", "maintenance")).isTrue();
    assertThat(server.disconnect("8", "maintenance")).isFalse();
    assertThat(bean.ended).containsOnly(java.util.Map.entry("7", "maintenance"));
    server.ask();
    assertThat(bean.asked).isEqualTo(2);
  }

  @Test
  void itIsFoundUnderItsNameInTheVirtualMachine() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName(ImapServerMXBean.OBJECT_NAME);
    bean.sessions = List.of(Given.session("7", "a@example.org", "192.0.2.1", "mutt", 1));
    assertThat(new MailServer().ask().current()).isFalse();
    beans.registerMBean(bean, name);
    try {
      assertThat(new MailServer().ask().sessions()).isEqualTo(bean.sessions);
    } finally {
      beans.unregisterMBean(name);
    }
  }
}
