package org.postrider.session;

import java.io.IOException;
import java.util.Optional;
import org.postrider.mail.Account;
import org.postrider.mail.Changes;
import org.postrider.mail.Expunging;
import org.postrider.mail.MailCall;
import org.postrider.mail.MailException;
import org.postrider.mail.SelectedMailbox;
import org.postrider.protocol.MailboxName;
import org.postrider.wire.ResponseWriter;

/**
 * The state of a conversation: RFC 3501 section 3. Immutable but for the view of a selected
 * mailbox; a command that changes the state answers another session.
 */
public abstract sealed class Session {

  private final Client client;

  private Session(Client client) {
    this.client = client;
  }

  /** Who is at the other end. */
  public Client client() {
    return client;
  }

  /** Asks the application. */
  public <R> R mail(MailCall<R> call) throws MailException {
    return client.mail().call(call);
  }

  /** Whose session it is; empty before sign-in. */
  public abstract Optional<Account> signedInAs();

  /** Nobody has signed in yet. */
  public static final class NotAuthenticated extends Session {

    public NotAuthenticated(Client client) {
      super(client);
    }

    @Override
    public Optional<Account> signedInAs() {
      return Optional.empty();
    }
  }

  /** Somebody has signed in. */
  public static sealed class Authenticated extends Session {

    private final Account account;

    public Authenticated(Client client, Account account) {
      super(client);
      this.account = account;
    }

    public Account account() {
      return account;
    }

    @Override
    public Optional<Account> signedInAs() {
      return Optional.of(account);
    }

    /** True where the mailbox is the one that this session has selected. */
    public boolean hasSelected(MailboxName name) {
      return this instanceof Selected selected && selected.mailbox().name().equals(name);
    }

    /** True where the mailbox, or one below it, is the one that this session has selected. */
    public boolean hasSelectedAtOrBelow(MailboxName name) {
      return hasSelected(name)
          || (this instanceof Selected selected && selected.mailbox().name().isBelow(name));
    }
  }

  /** Somebody has signed in whose mail is on another server: it has the word. */
  public static final class Forwarded extends Session {

    private final Account account;
    private final String host;

    public Forwarded(Client client, Account account, String host) {
      super(client);
      this.account = account;
      this.host = host;
    }

    /** The other server. */
    public String host() {
      return host;
    }

    @Override
    public Optional<Account> signedInAs() {
      return Optional.of(account);
    }
  }

  /** A mailbox is selected. */
  public static final class Selected extends Authenticated {

    private final SelectedMailbox mailbox;
    private final MailboxView view;

    public Selected(Client client, Account account, SelectedMailbox mailbox, MailboxView view) {
      super(client, account);
      this.mailbox = mailbox;
      this.view = view;
    }

    public SelectedMailbox mailbox() {
      return mailbox;
    }

    public MailboxView view() {
      return view;
    }

    /** What the store has to know when this session expunges. */
    public Expunging expunging() {
      return new Expunging(view.copied(), SignInLog.who(this));
    }

    /** Asks what happened in the mailbox; nothing is told yet. */
    public void notice() throws MailException {
      Changes changes = mail(mail -> mail.messages().changes(mailbox, view.modSeq()));
      view.note(changes);
    }

    /**
     * Asks what happened in the mailbox and tells the client.
     *
     * @param expunges false while message numbers must stay
     */
    public void announce(ResponseWriter out, boolean expunges) throws MailException, IOException {
      notice();
      view.tell(out, expunges);
    }
  }
}
