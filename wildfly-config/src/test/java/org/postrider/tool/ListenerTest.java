package org.postrider.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTest {

  @Test
  void defaultIsLoopback() throws Exception {
    assertThat(listener("imap.other", "").hostAndPort()).isEqualTo("127.0.0.1:1143");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "65536", "imap", "", "99999999999"})
  void whatIsNoPortIsToldInOneSentence(String port) {
    assertThatThrownBy(() -> listener("imap.port", port))
        .isInstanceOf(CannotGoOnException.class)
        .hasMessage(
            "IMAP cannot listen on port \"%s\": give a number from 1 to 65535, such as -Dimap.port=1143."
                .formatted(port));
  }

  @Test
  void addressOfNobodyIsTold() {
    assertThatThrownBy(() -> listener("imap.address", "no such host"))
        .isInstanceOf(CannotGoOnException.class)
        .hasMessageContaining("\"no such host\" (imap.address)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "*", "0.0.0.0"})
  void everyAddressIsReachedByLoopback(String address) throws Exception {
    Listener listener = listener("imap.address", address);

    assertThat(listener.address().isAnyLocalAddress()).isTrue();
    assertThat(listener.reachable().isLoopbackAddress()).isTrue();
  }

  @Test
  void takenPortIsToldWithTheWayOut() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Listener listener = listener("imap.port", String.valueOf(other.getLocalPort()));

      assertThatThrownBy(listener::check)
          .isInstanceOf(CannotGoOnException.class)
          .hasMessageContaining("Port %d (IMAP) is taken".formatted(other.getLocalPort()))
          .hasMessageContaining("-Dimap.port=PORT");
    }
  }

  @Test
  void twoOnOnePortAreTold() throws Exception {
    Listener everywhere =
        new Listener("IMAPS", "imaps.port", InetAddress.getByName("0.0.0.0"), 1143);
    Listener elsewhere =
        new Listener("IMAPS", "imaps.port", InetAddress.getByName("127.0.0.2"), 1143);
    Listener imap = listener("imap.port", "1143");

    assertThatThrownBy(() -> imap.checkApartFrom(everywhere))
        .isInstanceOf(CannotGoOnException.class)
        .hasMessageStartingWith("IMAP and IMAPS are both to listen on port 1143");
    assertThatCode(() -> imap.checkApartFrom(elsewhere)).doesNotThrowAnyException();
  }

  @Test
  void freePortIsFreeAgainAfterTheCheck() throws Exception {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = probe.getLocalPort();
    }
    Listener listener = listener("imap.port", String.valueOf(port));

    listener.check();
    assertThatCode(listener::check).doesNotThrowAnyException();
  }

  private static Listener listener(String property, String value) throws CannotGoOnException {
    Properties settings = new Properties();
    settings.setProperty(property, value);
    return Listener.of("IMAP", settings, "imap.address", "imap.port", 1143);
  }
}
