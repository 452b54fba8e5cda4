package org.postrider.session;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Response;
import org.postrider.protocol.Response.Condition;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Tag;
import org.postrider.wire.CommandReader;
import org.postrider.wire.DisconnectException;
import org.postrider.wire.LiteralTooBigException;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * One conversation, from greeting to BYE: reads a command, runs it in the session's state, tells
 * the updates that the command allows, then the tagged line.
 *
 * <p>Everything in this class runs in the connection's thread, but for {@link #end}, which takes
 * the floor ({@code Client.speaking}) first. Errors become answers here and nowhere else.
 *
 * @rfc 3501 3, 5.5, 7
 */
public final class Conversation implements Runnable {

  /** Wrong commands in a row after which nobody honest is there. */
  private static final int TOO_MANY_ERRORS = 20;

  private static final System.Logger LOG = System.getLogger(Conversation.class.getName());

  private final Link link;
  private final CommandTable commands;
  private final Client client;
  private final long began = System.nanoTime();
  private volatile Session session;
  private volatile long lastCommand = System.nanoTime();
  private final AtomicLong commandCount = new AtomicLong();
  private int errors;
  private boolean over;

  /** Null until the client talks to another server. */
  private volatile Relay relay;

  public Conversation(Link link, MailListener mail, CommandTable commands, Policy policy) {
    this.link = link;
    this.commands = commands;
    this.client = new Client(link, mail, commands, policy);
    this.session = new Session.NotAuthenticated(client);
  }

  /** The state as it is now; from any thread. */
  public Session session() {
    return session;
  }

  /** Commands read so far; from any thread. */
  public long commandCount() {
    return commandCount.get();
  }

  /** Nanoseconds since the last command ended; from any thread. */
  public long idleNanos() {
    return System.nanoTime() - lastCommand;
  }

  /** Nanoseconds since the conversation began; from any thread. */
  public long ageNanos() {
    return System.nanoTime() - began;
  }

  /** Talks until one of the two has had enough; never throws. */
  @Override
  public void run() {
    client.speaking().lock();
    try {
      greet();
      while (!over && awaitCommand()) {
        step();
        lastCommand = System.nanoTime();
      }
    } catch (DisconnectException e) {
      sayBye(e.code().orElse(null), e.getMessage());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "The client of " + link.id() + " is gone: " + e);
      sendLast();
    } catch (RuntimeException e) {
      sayBye(
          Word.SERVERBUG,
          "The server has made a mistake (" + incident("outside a command", e) + ").");
    } finally {
      client.speaking().unlock();
      link.hangUp();
      SignInLog.ended(session, commandCount.get(), began);
    }
  }

  /**
   * Ends the conversation from outside: between two commands the client reads why, in the middle of
   * one it is cut after {@code graceMillis}.
   */
  public void end(ResponseCode code, String text, long graceMillis) {
    boolean floor = false;
    try {
      floor = client.speaking().tryLock(graceMillis, TimeUnit.MILLISECONDS);
      if (floor) {
        sayBye(code, text);
        link.sayNoMore();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      link.close();
      if (floor) {
        client.speaking().unlock();
      }
    }
  }

  private void greet() throws IOException {
    client
        .writer()
        .write(
            Response.Status.ok(
                new ResponseCode.Capability(commands.capabilities(session)), "Postrider ready."));
    client.writer().flush();
  }

  /** Gives the floor away while the client is silent. */
  private boolean awaitCommand() throws IOException {
    if (!client.reader().holdsLine()) {
      client.writer().flush();
    }
    client.speaking().unlock();
    try {
      return client.reader().awaitCommand();
    } finally {
      client.speaking().lock();
    }
  }

  private void step() throws IOException {
    CommandReader in = client.reader();
    ResponseWriter out = client.writer();
    commandCount.incrementAndGet();
    Optional<Tag> tag = Optional.empty();
    Completion completion;
    boolean holdsExpunge = false;
    try {
      tag = Optional.of(in.tag());
      String name = in.sp().keyword();
      if (name.equals("UID")) {
        in.expectUids();
        name = in.sp().keyword();
      }
      CommandSpec spec = spec(name, in.readsUids());
      holdsExpunge = spec.holdsExpunge() && !in.readsUids();
      Command command = spec.reader().read(in);
      in.endOfLine();
      client.nowRuns(tag.get());
      completion = run(command, out);
      if (completion.condition() != Condition.BAD) {
        errors = 0;
      }
    } catch (LiteralTooBigException e) {
      completion = Completion.no(Word.TOOBIG, e.getMessage());
    } catch (SyntaxException e) {
      completion = Completion.bad(e.getMessage());
    } catch (MailboxNameException e) {
      completion = Completion.no(Word.CANNOT, e.getMessage());
    } catch (MailException e) {
      completion = refused(e);
    } catch (RuntimeException e) {
      String incident = incident(tag.map(Tag::value).orElse("*"), e);
      completion =
          Completion.no(Word.SERVERBUG, "The server has made a mistake (" + incident + ").");
    }
    in.skipCommand();
    complete(tag, completion, holdsExpunge);
  }

  private CommandSpec spec(String name, boolean uids) throws SyntaxException {
    CommandSpec spec =
        commands
            .find(name)
            .orElseThrow(() -> new SyntaxException("There is no command " + name + " here."));
    if (uids && !spec.uidForm()) {
      throw new SyntaxException("There is no command UID " + name + ".");
    }
    return spec;
  }

  private Completion run(Command command, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    return switch (command) {
      case Command.AnyState any -> any.run(session, out);
      case Command.NotAuthenticated before when session instanceof Session.NotAuthenticated now ->
          before.run(now, out);
      case Command.Authenticated authenticated when session instanceof Session.Authenticated now ->
          authenticated.run(now, out);
      case Command.Selected selected when session instanceof Session.Selected now ->
          selected.run(now, out);
      case Command.NotAuthenticated before -> Completion.bad("You have signed in already.");
      case Command.Authenticated authenticated -> Completion.bad("Sign in first.");
      case Command.Selected selected ->
          Completion.bad(
              session instanceof Session.Authenticated
                  ? "Select a mailbox first."
                  : "Sign in first.");
    };
  }

  private Completion refused(MailException e) throws IOException {
    if (e.code().orElse(null) == Word.CLOSED) {
      throw new DisconnectException(null, e.getMessage());
    }
    if (e.getCause() != null) {
      LOG.log(System.Logger.Level.WARNING, link.id() + ": " + e.getMessage(), e.getCause());
    }
    return new Completion(Condition.NO, e.code(), e.getMessage(), new Completion.Next.Stay());
  }

  /** Updates, tagged line, and what follows it. */
  private void complete(Optional<Tag> tag, Completion completion, boolean holdsExpunge)
      throws IOException {
    ResponseWriter out = client.writer();
    Completion.Next next = completion.next();
    if (session instanceof Session.Selected selected && next instanceof Completion.Next.Stay) {
      try {
        selected.announce(out, !holdsExpunge);
      } catch (MailException e) {
        completion = completion.condition() == Condition.OK ? refused(e) : completion;
      }
    }
    if (next instanceof Completion.Next.Forward forward) {
      forward(forward, tag.orElseThrow(), completion);
      return;
    }
    out.write(
        new Response.Status(tag, completion.condition(), completion.code(), completion.text()));
    switch (next) {
      case Completion.Next.Stay stay -> {}
      case Completion.Next.Become become -> become(become.session());
      case Completion.Next.Logout logout -> over = true;
      case Completion.Next.Forward forward -> throw new IllegalStateException("it has begun");
      case Completion.Next.StartTls startTls -> startTls();
    }
    if (completion.condition() == Condition.BAD && ++errors >= TOO_MANY_ERRORS) {
      throw new DisconnectException(Word.CLIENTBUG, "Too many wrong commands in a row.");
    }
    if (over) {
      out.flush();
    }
  }

  private void become(Session next) {
    boolean signsIn =
        session instanceof Session.NotAuthenticated
            && (next instanceof Session.Authenticated || next instanceof Session.Forwarded);
    session = next;
    if (signsIn) {
      client.signedIn();
      SignInLog.signedIn(session);
    }
  }

  /** Until the end of the connection. */
  private void forward(Completion.Next.Forward forward, Tag tag, Completion completion)
      throws IOException {
    over = true;
    try (Upstream upstream = forward.upstream()) {
      become(forward.session());
      if (!upstream.isForeign()) {
        client
            .writer()
            .write(
                new Response.Status(
                    Optional.of(tag),
                    completion.condition(),
                    completion.code(),
                    completion.text()));
      }
      client.writer().flush();
      if (upstream.isForeign()) { // its own answer comes in the place of this one's
        upstream.out().write((tag.value() + " CAPABILITY\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      relay = new Relay(client, upstream, () -> lastCommand = System.nanoTime());
      relay.run();
    }
  }

  private void startTls() throws IOException {
    client.writer().flush();
    link.startTls();
    client.useStreams();
    client.identify(Map.of());
  }

  /**
   * A client that closed in the middle of a command may still read the answers to those before it.
   */
  private void sendLast() {
    try {
      client.writer().flush();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> link.id() + ": gone before its last answers: " + e);
    }
  }

  private void sayBye(ResponseCode code, String text) {
    Relay relayed = relay;
    if (relayed != null && !relayed.atLineEnd()) {
      return;
    }
    try {
      client.writer().write(Response.Status.bye(code, text));
      client.writer().flush();
      SignInLog.bye(session, text);
    } catch (EOFException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> link.id() + ": gone before BYE");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> link.id() + ": gone before BYE: " + e);
    }
  }

  /** Logs our mistake once, and names it so that it is found again. */
  private String incident(String during, RuntimeException mistake) {
    String incident =
        "incident " + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    LOG.log(System.Logger.Level.ERROR, link.id() + ": " + incident + " during " + during, mistake);
    return incident;
  }
}
