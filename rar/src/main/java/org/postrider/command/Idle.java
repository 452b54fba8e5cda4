package org.postrider.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postrider.mail.MailException;
import org.postrider.mail.Messages.Watch;
import org.postrider.protocol.Response;
import org.postrider.session.Client;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Waits, and tells what happens in the mailbox while it happens, until the client says DONE: RFC
 * 2177.
 */
public record Idle() implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("IDLE").advertising("IDLE").readBy(in -> new Idle());

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    if (!(session instanceof Session.Selected selected)) {
      return untilDone(session, out);
    }
    Announcer announcer = new Announcer(selected, out);
    try (Watch watch =
        session.mail(mail -> mail.messages().watch(selected.mailbox(), announcer::wake))) {
      selected.announce(out, true);
      return untilDone(session, out);
    } finally {
      announcer.stop();
    }
  }

  /** Gives the floor to the announcer while the client is silent. */
  private static Completion untilDone(Session.Authenticated session, ResponseWriter out)
      throws SyntaxException, IOException {
    Client client = session.client();
    out.write(new Response.Continuation("idling"));
    out.flush();
    client.speaking().unlock();
    byte[] line;
    try {
      line = client.reader().line();
    } finally {
      client.speaking().lock();
    }
    if (!new String(line, StandardCharsets.ISO_8859_1).equalsIgnoreCase("DONE")) {
      throw new SyntaxException("IDLE ends with DONE.");
    }
    return Completion.ok("IDLE completed");
  }

  /**
   * Tells changes on a short-lived thread of its own, one at a time: the connection's thread is
   * busy reading. It writes only while it has the floor, and never after {@link #stop}.
   */
  private static final class Announcer {
    private static final System.Logger LOG = System.getLogger(Idle.class.getName());

    private final Session.Selected session;
    private final ResponseWriter out;
    private final AtomicBoolean awake = new AtomicBoolean();
    private boolean stopped;

    Announcer(Session.Selected session, ResponseWriter out) {
      this.session = session;
      this.out = out;
    }

    /** From any thread; returns at once. */
    void wake() {
      if (awake.compareAndSet(false, true)) {
        Thread.ofVirtual().name("idle-" + session.client().link().id()).start(this::announce);
      }
    }

    private void announce() {
      session.client().speaking().lock();
      try {
        awake.set(false);
        if (!stopped) {
          session.announce(out, true);
          out.flush();
        }
      } catch (MailException e) {
        sayBye(e.getMessage());
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "Could not tell an idle client what changed", e);
        session.client().link().close();
      } finally {
        session.client().speaking().unlock();
      }
    }

    /** The mailbox is gone, or can't be read any more: there is nothing left to wait for. */
    private void sayBye(String text) {
      try {
        out.write(Response.Status.bye(null, text));
        out.flush();
        session.client().link().sayNoMore();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "An idle client did not wait for BYE", e);
      } finally {
        session.client().link().close();
      }
    }

    /** With the floor. */
    void stop() {
      stopped = true;
    }
  }
}
