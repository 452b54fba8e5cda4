package org.postrider.transcript;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postrider.mail.Account;
import org.postrider.mail.Accounts;
import org.postrider.mail.Mail;
import org.postrider.mail.MailCall;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.mail.Peer;
import org.postrider.mail.SelectedMailbox;
import org.postrider.mail.SignInExchange;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.transcript.Transcript.GivenAccount;

/**
 * A whole mail store in memory: everything that {@code org.postrider.mail} asks, but for what needs
 * a MIME parser. One lock, this object, guards all of it.
 */
public final class MemoryMail implements MailListener, Accounts {

  /** What one account has. */
  static final class Store {
    final NavigableMap<MailboxName, MemoryFolder> folders = new TreeMap<>();
    final NavigableSet<MailboxName> subscribed = new TreeSet<>();
    MemoryQuotas.Amount limits = MemoryQuotas.Amount.NONE;

    /** Of messages that are on their way. */
    MemoryQuotas.Amount announced = MemoryQuotas.Amount.NONE;

    boolean levelReached;
  }

  private final Map<String, String> passwords;
  private final Map<String, Store> stores = new HashMap<>();
  private final GivenAccount record;
  private final MemoryQuotas quotas = new MemoryQuotas(this);
  private final MemoryAccess access = new MemoryAccess(this);
  private final Mail mail =
      new Mail(this, new MemoryMailboxes(this), new MemoryMessages(this, quotas), quotas, access);
  private long lastUidValidity = 1_000_000;

  /**
   * Every account has an INBOX, and nothing in it.
   *
   * @param passwords of the accounts, by name
   */
  public MemoryMail(Map<String, String> passwords) {
    this(passwords, GivenAccount.PLAIN);
  }

  /**
   * @param record of each account
   */
  public MemoryMail(Map<String, String> passwords, GivenAccount record) {
    this.record = record;
    this.passwords = Map.copyOf(passwords);
    for (String name : passwords.keySet()) {
      Store store = new Store();
      store.folders.put(MailboxName.INBOX, newFolder());
      store.limits = MemoryQuotas.limits(record.quota());
      stores.put(name, store);
    }
  }

  @Override
  public <R> R call(MailCall<R> call) throws MailException {
    return call.run(mail);
  }

  @Override
  public List<String> mechanisms(Peer peer) {
    return peer.allowsPassword() ? MemorySignIn.MECHANISMS : List.of();
  }

  @Override
  public SignInExchange signIn(String mechanism, Peer peer) throws MailException {
    if (!MemorySignIn.MECHANISMS.contains(mechanism)) {
      throw new MailException(Word.CANNOT, "There is no mechanism " + mechanism + " in memory.");
    }
    if (!peer.allowsPassword()) {
      throw new MailException(Word.PRIVACYREQUIRED, "Passwords are not taken in clear text.");
    }
    return new MemorySignIn(passwords, record, mechanism.equals("PLAIN"));
  }

  @Override
  public void signedOut(Account account) {
    // Nothing grows old here.
  }

  MemoryFolder newFolder() {
    return new MemoryFolder(++lastUidValidity);
  }

  Store store(Account account) {
    return stores.get(account.name());
  }

  /**
   * The folder of that name.
   *
   * @param code of the exception where there is none
   */
  MemoryFolder folder(Account account, MailboxName name, Word code) throws MailException {
    MemoryFolder folder = store(account).folders.get(name);
    if (folder == null) {
      throw nonexistent(name, code);
    }
    return folder;
  }

  /** There is none, or none that the account may know of. */
  MailException nonexistent(MailboxName name, Word code) {
    boolean possible = code != Word.TRYCREATE || name.isPersonal();
    return new MailException(
        possible ? code : Word.CANNOT, "There is no such mailbox: " + name + ".");
  }

  MemoryAccess access() {
    return access;
  }

  Rights rights(SelectedMailbox mailbox) {
    return access.rightsAt(mailbox.account(), mailbox.name());
  }

  /** The folder that was selected. */
  MemoryFolder folder(SelectedMailbox mailbox) throws MailException {
    MemoryFolder folder = store(mailbox.account()).folders.get(mailbox.name());
    if (folder == null
        || folder.uidValidity != mailbox.uidValidity()
        || !rights(mailbox).has(Right.READ)) {
      throw new MailException(Word.CLOSED, "The mailbox is gone; select another one.");
    }
    return folder;
  }

  /** The same, for a change that needs a right. */
  MemoryFolder writable(SelectedMailbox mailbox, Right... rights) throws MailException {
    if (mailbox.readOnly()) {
      throw new MailException(Word.READ_ONLY, "This mailbox is open for reading only; SELECT it.");
    }
    MemoryFolder folder = folder(mailbox);
    for (Right right : rights) {
      if (!rights(mailbox).has(right)) {
        throw MemoryAccess.refused(right);
      }
    }
    return folder;
  }
}
