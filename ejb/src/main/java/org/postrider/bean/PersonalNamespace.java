package org.postrider.bean;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.postrider.mail.MailboxEntry;
import org.postrider.maildir.Identity;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.Right;

/**
 * An account's own mailboxes: INBOX and those below. Names that are nobody's count as its own, and
 * its Maildir refuses them.
 */
final class PersonalNamespace implements Namespace {

  private final Maildir maildir;
  private final Identity who;
  private final boolean listsCount;

  /**
   * @param listsCount as {@link MaildirPlace.Own}
   */
  PersonalNamespace(Maildir maildir, Identity who, boolean listsCount) {
    this.maildir = maildir;
    this.who = who;
    this.listsCount = listsCount;
  }

  @Override
  public Optional<String> prefix() {
    return Optional.empty();
  }

  @Override
  public boolean holds(MailboxName name) {
    return true;
  }

  @Override
  public Place place(MailboxName name) {
    return new MaildirPlace.Own(maildir, name, who, listsCount);
  }

  @Override
  public List<MailboxEntry> list(MailboxPattern pattern) throws IOException, MaildirException {
    List<MailboxEntry> entries = Listing.of(visible(maildir.mailboxes()), Set.of(), true, pattern);
    Set<MailboxName> visible = visible(entries.stream().map(MailboxEntry::name).toList());
    entries.removeIf(entry -> !visible.contains(entry.name()));
    return entries;
  }

  private SortedSet<MailboxName> visible(Collection<MailboxName> names)
      throws IOException, MaildirException {
    if (!listsCount) {
      return new TreeSet<>(names);
    }
    SortedSet<MailboxName> visible = new TreeSet<>();
    maildir
        .access()
        .of(names)
        .forEach(
            (name, list) -> {
              if (list.rights(who).has(Right.LOOKUP)) {
                visible.add(name);
              }
            });
    return visible;
  }

  @Override
  public List<MailboxEntry> subscribed(MailboxPattern pattern) throws IOException {
    SortedSet<MailboxName> names = maildir.subscriptions();
    names.removeIf(name -> !name.isPersonal());
    return Listing.of(names, Set.of(), pattern.endsInPercent(), pattern);
  }

  @Override
  public void subscribe(MailboxName name) throws IOException, MaildirException {
    maildir.subscribe(name);
  }

  @Override
  public void unsubscribe(MailboxName name) throws IOException {
    maildir.unsubscribe(name);
  }
}
