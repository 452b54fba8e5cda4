package org.postrider.transcript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSession;
import org.postrider.command.Commands;
import org.postrider.mail.Account;
import org.postrider.mail.Delivery;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.mail.Messages;
import org.postrider.mail.SignInSettings;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.session.Conversation;
import org.postrider.session.Customs;
import org.postrider.session.Link;
import org.postrider.session.Policy;
import org.postrider.wire.Limits;

/** Conversations over pipes, without a container, on any store. */
public final class ConversationStage implements Stage {

  /** As on loopback, but messages are at most 1 MB. */
  private static final Policy POLICY =
      new Policy(
          false,
          true,
          Limits.BEFORE_SIGN_IN,
          Limits.SIGNED_IN.withMessageOctets(1_000_000),
          SignInSettings.DEFAULT);

  /** Held, so that its level stays: thousands of sign-ins say nothing about a test. */
  private static final Logger SIGN_INS = Logger.getLogger("org.postrider.imapd");

  static {
    SIGN_INS.setLevel(Level.WARNING);
  }

  private final MailListener mail;
  private final String user;
  private final String password;
  private final AutoCloseable store;
  private final Policy policy;

  /**
   * @param user of an account without any mail
   * @param store closed when the transcript is over
   */
  public ConversationStage(MailListener mail, String user, String password, AutoCloseable store) {
    this(mail, user, password, store, Customs.DEFAULT);
  }

  /** The same with customs of a site. */
  public ConversationStage(
      MailListener mail, String user, String password, AutoCloseable store, Customs customs) {
    this.policy = POLICY.with(customs);
    this.mail = mail;
    this.user = user;
    this.password = password;
    this.store = store;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public String password() {
    return password;
  }

  @Override
  public void give(Transcript.GivenMailbox mailbox) throws Exception {
    Account account = PlainSignIn.of(mail, user, password);
    MailboxName name = MailboxName.parse(mailbox.name());
    if (!name.isInbox()) {
      mail.call(
          all -> {
            all.mailboxes().create(account, name);
            return name;
          });
    }
    for (GivenMessage message : mailbox.messages()) {
      mail.call(
          all -> all.messages().deliver(List.of(delivery(all.messages(), account, name, message))));
    }
  }

  private static Delivery delivery(
      Messages messages, Account account, MailboxName name, GivenMessage message)
      throws MailException {
    Delivery delivery =
        messages.prepare(
            account, name, Flags.NONE, Optional.of(message.date()), message.octets().length);
    delivery.write(ByteBuffer.wrap(message.octets()));
    return delivery;
  }

  @Override
  public Line connect() throws IOException {
    Pipe toServer = Pipe.open();
    Pipe toClient = Pipe.open();
    PipeLink link = new PipeLink(toServer.source(), toClient.sink());
    Conversation conversation = new Conversation(link, mail, Commands.TABLE, policy);
    Thread thread = Thread.ofVirtual().name("server").start(conversation);
    return new Line(
        Channels.newInputStream(toClient.source()),
        Channels.newOutputStream(toServer.sink()),
        () -> end(thread, toServer, toClient));
  }

  /** The client goes; the server must notice it and end, too. */
  private static void end(Thread thread, Pipe toServer, Pipe toClient) throws IOException {
    toServer.sink().close();
    toClient.source().close();
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        throw new IOException("the conversation goes on although its client is gone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws Exception {
    store.close();
  }

  /** Both ends of the server; no TLS, because nobody is in between. */
  private record PipeLink(Pipe.SourceChannel source, Pipe.SinkChannel sink, InputStream in)
      implements Link {

    PipeLink(Pipe.SourceChannel source, Pipe.SinkChannel sink) {
      this(source, sink, Channels.newInputStream(source));
    }

    @Override
    public String id() {
      return "pipe";
    }

    @Override
    public InetSocketAddress client() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public Optional<SSLSession> tls() {
      return Optional.empty();
    }

    @Override
    public boolean secure() {
      return false;
    }

    @Override
    public boolean offersTls() {
      return false;
    }

    @Override
    public WritableByteChannel out() {
      return sink;
    }

    @Override
    public void startTls() throws IOException {
      throw new IOException("no TLS over a pipe");
    }

    @Override
    public void signedIn() {
      // There are no deadlines here.
    }

    @Override
    public void sayNoMore() {
      close();
    }

    @Override
    public void hangUp() {
      close();
    }

    @Override
    public void close() {
      try {
        source.close();
        sink.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
