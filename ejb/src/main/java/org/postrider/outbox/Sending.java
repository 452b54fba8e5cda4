package org.postrider.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Set;
import org.postrider.maildir.Incoming;
import org.postrider.maildir.Prelude;

/**
 * The messages of one command, on their way into the Outbox: each is sent once, when all of them
 * are whole and there is room for them. Used by one thread.
 */
public final class Sending implements Prelude {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");

  private final Outbox outbox;
  private final Sender sender;
  private int sent;
  private boolean done;

  Sending(Outbox outbox, Sender sender) {
    this.outbox = outbox;
    this.sender = sender;
  }

  /** True once all messages have gone and can't be called back. */
  public boolean isDone() {
    return done;
  }

  @Override
  public void run(List<Incoming> messages) throws IOException {
    if (messages.size() > 1 && !outbox.allowsSeveral()) {
      throw new UnsentException("Only one message may be sent at a time. Nothing was sent.");
    }
    sender.check();
    for (Incoming message : messages) {
      try (FileChannel file = message.reading()) {
        outbox.send(letter(file), sender);
        sent++;
        LOG.log(
            System.Logger.Level.INFO,
            "SENT, user={0}, sender={1}, size={2,number,#}",
            logged(sender.name()),
            sender.address(),
            file.size());
      } catch (UnsentException e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "error sending a message, user={0}: {1}",
            logged(sender.name()),
            e.getMessage());
        throw sent == 0 ? e : after(e, messages.size());
      }
    }
    done = true;
  }

  private UnsentException after(UnsentException e, int all) {
    return new UnsentException(
        sent
            + " of "
            + all
            + " messages were sent and must not be sent again. Then: "
            + e.getMessage(),
        e);
  }

  private Letter letter(FileChannel file) {
    return outbox.header().isEmpty()
        ? new Letter(file, "", Set.of())
        : new Letter(
            file,
            outbox.header() + ": " + sender.address() + "\n",
            Set.of(outbox.header())); // a client's own would look like the server's
  }

  /** As in the lines of sign-in: a comma would begin another field. */
  private static String logged(String name) {
    return Readable.line(name).replace(',', '?');
  }
}
