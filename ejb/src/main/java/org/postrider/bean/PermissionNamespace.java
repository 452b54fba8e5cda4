package org.postrider.bean;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postrider.mail.MailboxEntry;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.SharedFolders;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;

/**
 * Folders of sharable Maildirs, {@code shared.MAILDIR.FOLDER}: the system's file permissions say
 * who may use them. A subscription to one is what makes it usable, so that using one subscribes to
 * it.
 */
final class PermissionNamespace implements Namespace {

  private static final String PREFIX = "shared.";
  private static final String TOP = "shared";

  private final SharedFolders shared;

  PermissionNamespace(SharedFolders shared) {
    this.shared = shared;
  }

  @Override
  public Optional<String> prefix() {
    return Optional.of(PREFIX);
  }

  @Override
  public boolean holds(MailboxName name) {
    return isHere(name);
  }

  /** True where a name is of this kind. */
  static boolean isHere(MailboxName name) {
    return name.value().equals(TOP) || name.value().startsWith(PREFIX);
  }

  @Override
  public Place place(MailboxName name) {
    return new SharedPlace(shared, name);
  }

  @Override
  public List<MailboxEntry> list(MailboxPattern pattern) throws IOException {
    return canMatch(pattern) ? Listing.of(shared.mailboxes(), Set.of(), true, pattern) : List.of();
  }

  @Override
  public List<MailboxEntry> subscribed(MailboxPattern pattern) throws IOException {
    return canMatch(pattern)
        ? Listing.of(shared.subscriptions(), Set.of(), pattern.endsInPercent(), pattern)
        : List.of();
  }

  /** To look what there is costs something, and clients that ask for INBOX.% ask often. */
  private static boolean canMatch(MailboxPattern pattern) {
    return pattern.canMatchFrom(TOP);
  }

  @Override
  public void subscribe(MailboxName name) throws IOException, MaildirException {
    shared.subscribe(name);
  }

  @Override
  public void unsubscribe(MailboxName name) throws IOException, MaildirException {
    shared.unsubscribe(name);
  }
}
