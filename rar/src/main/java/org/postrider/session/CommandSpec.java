package org.postrider.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxNameException;
import org.postrider.wire.CommandReader;
import org.postrider.wire.SyntaxException;

/**
 * How a command is called, how it is read, and what it announces.
 *
 * @param name in capitals
 * @param uidForm true where {@code UID name} exists as well
 * @param holdsExpunge true where no EXPUNGE may be told during it by number (RFC 3501 section
 *     7.4.1)
 * @param capabilities what CAPABILITY lists because of it
 * @param reader reads what follows the name up to the line end, which it leaves
 */
public record CommandSpec(
    String name,
    boolean uidForm,
    boolean holdsExpunge,
    List<Announcement> capabilities,
    Reader reader) {

  public CommandSpec {
    capabilities = List.copyOf(capabilities);
  }

  /** Reads a command's arguments. */
  @FunctionalInterface
  public interface Reader {
    Command read(CommandReader in)
        throws SyntaxException, MailboxNameException, MailException, IOException;
  }

  /** Tells what CAPABILITY lists in a state, because of a command. */
  @FunctionalInterface
  public interface Announcement {
    List<String> in(Session session);
  }

  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Says one thing after the other about a command. */
  public static final class Builder {
    private final String name;
    private final List<Announcement> capabilities = new ArrayList<>();
    private boolean uidForm;
    private boolean holdsExpunge;

    private Builder(String name) {
      this.name = name;
    }

    public Builder withUidForm() {
      uidForm = true;
      return this;
    }

    /** FETCH, STORE and SEARCH: section 7.4.1. */
    public Builder holdingExpunge() {
      holdsExpunge = true;
      return this;
    }

    public Builder advertising(String... names) {
      List<String> always = List.of(names);
      return advertisingAll(session -> always);
    }

    public Builder advertising(String capability, Predicate<Session> when) {
      List<String> told = List.of(capability);
      return advertisingAll(session -> when.test(session) ? told : List.of());
    }

    /** What is told depends on more than the state. */
    public Builder advertisingAll(Announcement announcement) {
      capabilities.add(announcement);
      return this;
    }

    public CommandSpec readBy(Reader reader) {
      return new CommandSpec(name, uidForm, holdsExpunge, capabilities, reader);
    }
  }
}
