package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.MailCall;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.transcript.MemoryMail;

/** The adapter in the hands of a container: {@link Endpoints} plays its part. */
class ImapResourceAdapterTest {

  @TempDir Path home;

  @Test
  void portsOpenWithTheEndpointAndCloseWithIt() throws Exception {
    Endpoints endpoints = new Endpoints();
    ImapResourceAdapter adapter = adapter();
    int port = Integer.parseInt(adapter.getImapPort());
    adapter.start(null);
    assertThatThrownBy(() -> new SocketClient(port)).isInstanceOf(IOException.class);

    adapter.endpointActivation(endpoints, new ImapActivationSpec());
    try (SocketClient client = new SocketClient(port)) {
      assertThat(client.line()).startsWith("* OK ");
      assertThat(client.ask("a", "LOGIN anna secret")).startsWith("a OK ");
      assertThat(endpoints.open).hasValue(1);
      assertThat(sessions()).isEqualTo(1);

      adapter.endpointDeactivation(endpoints, new ImapActivationSpec());
      assertThat(client.line()).isEqualTo("* BYE The server is stopping.");
    }
    assertThat(endpoints.open).hasValue(0);
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name())).isFalse();

    adapter.endpointActivation(endpoints, new ImapActivationSpec());
    try (SocketClient client = new SocketClient(port)) {
      assertThat(client.line()).startsWith("* OK ");
      adapter.stop();
      assertThat(client.line()).startsWith("* BYE ");
    }
    adapter.endpointDeactivation(endpoints, new ImapActivationSpec());
    adapter.stop();
    assertThatThrownBy(() -> new SocketClient(port)).isInstanceOf(IOException.class);
  }

  @Test
  void aTakenPortFailsTheActivationInOneSentence() throws Exception {
    ImapResourceAdapter adapter = adapter();
    adapter.start(null);
    try (ServerSocket taken = new ServerSocket(Integer.parseInt(adapter.getImapsPort()))) {
      assertThatThrownBy(
              () -> adapter.endpointActivation(new Endpoints(), new ImapActivationSpec()))
          .isInstanceOf(ResourceException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + " (imaps) can't be opened");
    }
    adapter.stop();
  }

  @Test
  void withoutADataDirectoryItDoesNotStart() {
    assertThatThrownBy(() -> new ImapResourceAdapter().start(null))
        .isInstanceOf(ResourceAdapterInternalException.class)
        .hasMessageContaining("postrider.home");
  }

  private ImapResourceAdapter adapter() throws IOException {
    ImapResourceAdapter adapter = new ImapResourceAdapter();
    adapter.setHome(home.toString());
    adapter.setImapPort(Integer.toString(freePort()));
    adapter.setImapsPort(Integer.toString(freePort()));
    return adapter;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static ObjectName name() throws Exception {
    return new ObjectName(ImapServerMXBean.OBJECT_NAME);
  }

  private static int sessions() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    return JMX.newMXBeanProxy(beans, name(), ImapServerMXBean.class).getSessions().size();
  }

  /** Gives endpoints over a store in memory, and counts those that are out. */
  private static final class Endpoints implements MessageEndpointFactory {

    private final MemoryMail mail = new MemoryMail(Map.of("anna", "secret"));
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public MessageEndpoint createEndpoint(XAResource xa) {
      open.incrementAndGet();
      return new Door();
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource xa, long timeout) {
      return createEndpoint(xa);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
      return false;
    }

    @Override
    public String getActivationName() {
      return "mail";
    }

    @Override
    public Class<?> getEndpointClass() {
      return Door.class;
    }

    private final class Door implements MessageEndpoint, MailListener {
      @Override
      public void beforeDelivery(Method method) {}

      @Override
      public void afterDelivery() {}

      @Override
      public void release() {
        open.decrementAndGet();
      }

      @Override
      public <R> R call(MailCall<R> call) throws MailException {
        return mail.call(call);
      }
    }
  }
}
