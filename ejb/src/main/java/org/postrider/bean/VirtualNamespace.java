package org.postrider.bean;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.postrider.mail.Account;
import org.postrider.mail.MailboxEntry;
import org.postrider.maildir.Identity;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.maildir.SharedIndex;
import org.postrider.maildir.SharedIndexFile;
import org.postrider.maildir.SharedIndexFile.Entry;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;

/**
 * What other accounts share by their access lists, as Courier names it: {@code
 * #shared.GROUP.ACCOUNT} is an INBOX, {@code #shared.GROUP.ACCOUNT.Work} the account's {@code
 * INBOX.Work}. Groups and accounts are those of the {@link SharedIndex}.
 *
 * <p>Groups are shown to everybody; of accounts what the lists give the right {@code l} to, and the
 * levels above that. Only what a pattern can match is looked at: of {@code #shared.%} the first
 * file and its accounts, not those of groups. A pattern that does not begin with {@code #shared.}
 * shows nothing of it, because most clients ask for everything at once.
 */
final class VirtualNamespace implements Namespace {

  private static final System.Logger LOG = System.getLogger(VirtualNamespace.class.getName());
  private static final String ROOT = "#shared";
  private static final String PREFIX = ROOT + MailboxName.SEPARATOR;
  private static final Pattern LEVELS = Pattern.compile("\\.");

  /** Most mailboxes and groups that one LIST answers. */
  private static final int MOST_NAMES = 100_000;

  /** Groups that one LIST opens. */
  private static final int MOST_GROUPS = 20_000;

  /** Accounts that one LIST looks at newly; beyond, what was seen some minutes ago counts. */
  private static final int FEW_ACCOUNTS = 200;

  private final SharedAccounts accounts;
  private final Account account;
  private final Maildir own;
  private final Identity who;
  private final String indexGroup;

  /**
   * @param account that asks
   * @param own its Maildir, where its subscriptions are
   * @param who the account is to others
   * @param indexGroup its option {@code sharedgroup}; empty without
   */
  VirtualNamespace(
      SharedAccounts accounts, Account account, Maildir own, Identity who, String indexGroup) {
    this.accounts = accounts;
    this.account = account;
    this.own = own;
    this.who = who;
    this.indexGroup = indexGroup;
  }

  @Override
  public Optional<String> prefix() {
    return Optional.of(PREFIX);
  }

  @Override
  public boolean holds(MailboxName name) {
    return name.isElsewhere();
  }

  @Override
  public Place place(MailboxName name) throws IOException, MaildirException {
    String[] levels =
        name.value().equals(ROOT)
            ? new String[0]
            : LEVELS.split(name.value().substring(PREFIX.length()), -1);
    Optional<SharedIndex.Found> found = accounts.index().find(levels, indexGroup);
    if (found.isPresent()) {
      Optional<Maildir> maildir = accounts.open(found.get().account(), account);
      if (maildir.isPresent()) {
        StringBuilder local = new StringBuilder("INBOX");
        for (int i = found.get().levels(); i < levels.length; i++) {
          local.append(MailboxName.SEPARATOR).append(levels[i]);
        }
        return new VirtualPlace(maildir.get(), new MailboxName(local.toString()), who);
      }
    }
    throw new MaildirException(Reason.NONEXISTENT, Maildir.NO_SUCH_MAILBOX);
  }

  @Override
  public List<MailboxEntry> list(MailboxPattern pattern) throws IOException, MaildirException {
    if (!pattern.beginsWith(PREFIX)) {
      return List.of();
    }
    Walk walk = new Walk(pattern);
    walk.through(accounts.index().top(indexGroup), PREFIX);
    return Listing.of(walk.names, walk.groups, true, pattern);
  }

  /** Goes through the index for one LIST. */
  private final class Walk {
    private final MailboxPattern pattern;
    private final SortedSet<MailboxName> names = new TreeSet<>();
    private final Set<MailboxName> groups = new HashSet<>();
    private final Set<String> above = new HashSet<>();
    private int opened;
    private int looked;

    Walk(MailboxPattern pattern) {
      this.pattern = pattern;
    }

    /**
     * @param prefix of all that is in the file, the separator included
     */
    void through(SharedIndexFile file, String prefix) throws IOException, MaildirException {
      for (Entry entry : file.entries()) {
        String name = prefix + entry.level();
        if (!pattern.canMatchFrom(name)) {
          continue;
        }
        boolean below = pattern.canMatchFrom(name + MailboxName.SEPARATOR);
        switch (entry) {
          case Entry.Group group -> through(group, name, below);
          case Entry.Account shared -> {
            if (below || pattern.matches(name)) {
              look(shared, name);
            }
          }
        }
        requireFew(names.size() + groups.size() <= MOST_NAMES);
      }
    }

    private void through(Entry.Group group, String name, boolean below)
        throws IOException, MaildirException {
      groups.add(new MailboxName(name));
      // A group within itself ends here, and so does what no name could say.
      if (below && above.size() < SharedIndex.DEEPEST - 1 && above.add(group.file())) {
        requireFew(++opened <= MOST_GROUPS);
        through(accounts.index().of(group), name + MailboxName.SEPARATOR);
        above.remove(group.file());
      }
    }

    private void look(Entry.Account shared, String name) throws IOException, MaildirException {
      Optional<Maildir> maildir = accounts.open(shared, account);
      if (maildir.isPresent()) {
        boolean lately = ++looked > FEW_ACCOUNTS;
        for (MailboxName mailbox : visible(maildir.get(), lately)) {
          names.add(new MailboxName(name + mailbox.value().substring("INBOX".length())));
        }
      }
    }

    /** What one account has done to its Maildir is no reason for others to see nothing at all. */
    private List<MailboxName> visible(Maildir maildir, boolean lately)
        throws IOException, MaildirException {
      try {
        return maildir.access().visible(who, lately);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "The mailboxes of an account can't be shown", e);
        return List.of();
      }
    }

    private static void requireFew(boolean few) throws MaildirException {
      if (!few) {
        throw new MaildirException(
            Reason.LIMIT,
            "There are more shared mailboxes than one LIST answers ("
                + MOST_NAMES
                + "); ask level by level, as #shared.%.");
      }
    }
  }

  @Override
  public List<MailboxEntry> subscribed(MailboxPattern pattern) throws IOException {
    if (!pattern.beginsWith("#")) {
      return List.of();
    }
    SortedSet<MailboxName> names = own.subscriptions();
    names.removeIf(name -> !holds(name));
    return Listing.of(names, Set.of(), pattern.endsInPercent(), pattern);
  }

  @Override
  public void subscribe(MailboxName name) throws IOException, MaildirException {
    own.subscribeElsewhere(name);
  }

  @Override
  public void unsubscribe(MailboxName name) throws IOException {
    own.unsubscribe(name);
  }
}
