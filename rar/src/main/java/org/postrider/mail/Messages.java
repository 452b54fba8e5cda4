package org.postrider.mail;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.ResponseCode.AppendUid;
import org.postrider.protocol.ResponseCode.CopyUid;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SortCriterion;
import org.postrider.protocol.ThreadAlgorithm;
import org.postrider.protocol.UidSet;

/**
 * The messages of a mailbox. UIDs that name no message are passed over in silence. Every method but
 * {@link #prepare} may throw {@code MailException [CLOSED]} where the mailbox is not the one that
 * was selected any more, and {@code [UNAVAILABLE]} where the disk fails; {@code [READ_ONLY]}
 * answers a change through a read-only selection, {@code [NOPERM]} one that the account has no
 * right to (RFC 4314 section 4).
 */
public interface Messages {

  /**
   * What happened since a state, by whomever: other sessions, other programs.
   *
   * @param since {@code modSeq} of {@link Opened} or of earlier changes
   */
  Changes changes(SelectedMailbox mailbox, long since) throws MailException;

  /**
   * Reads what is asked. Bounded by the caller: at most {@link #FETCH_BATCH} messages, {@link
   * #LITERAL_BATCH} where bodies are asked for.
   */
  MessageBatch fetch(SelectedMailbox mailbox, UidSet uids, List<FetchItem> items)
      throws MailException;

  /** Most messages in one {@link #fetch} without bodies. */
  int FETCH_BATCH = 500;

  /** Most messages in one {@link #fetch} with bodies: each may hold a file open. */
  int LITERAL_BATCH = 8;

  /**
   * Changes flags: those that the account has a right to; the others stay as they are.
   *
   * @param flags never {@code \Recent}
   * @throws MailException {@code [NOPERM]} where it has a right to none of them
   */
  Stored store(SelectedMailbox mailbox, UidSet uids, StoreMode mode, Flags flags)
      throws MailException;

  /**
   * Copies all of them or none.
   *
   * @return empty where no message was named
   * @throws MailException {@code [TRYCREATE]}
   * @rfc 3501 6.4.7
   */
  Optional<CopyUid> copy(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException;

  /**
   * Moves messages; each is at any moment in one of the two mailboxes or in both, never in none.
   * The source UIDs of the answer are gone from the mailbox.
   *
   * @rfc 6851 3
   */
  Optional<CopyUid> move(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException;

  /** Removes messages as {@link #expunge(SelectedMailbox, Optional, Expunging)}. */
  default UidSet expunge(SelectedMailbox mailbox, Optional<UidSet> among) throws MailException {
    return expunge(mailbox, among, Expunging.PLAIN);
  }

  /**
   * Removes messages that have {@code \Deleted}; they may go into Trash, where the administrator
   * wants it so.
   *
   * @param among only these; empty: all of the mailbox
   * @return the UIDs that are gone
   */
  UidSet expunge(SelectedMailbox mailbox, Optional<UidSet> among, Expunging how)
      throws MailException;

  /**
   * @param key without {@code SearchKey.Messages} and {@code \Recent}, which the session has
   *     resolved
   * @return matching UIDs
   */
  UidSet search(SelectedMailbox mailbox, SearchKey key) throws MailException;

  /**
   * Finds messages and puts them in order.
   *
   * @param order the first counts most; messages that do not differ in any stay in the mailbox's
   *     order
   * @param key as for {@link #search}
   * @return matching UIDs
   * @rfc 5256 3
   */
  long[] sort(SelectedMailbox mailbox, List<SortCriterion> order, SearchKey key)
      throws MailException;

  /**
   * Finds messages and tells which answer which.
   *
   * @param key as for {@link #search}
   * @return matching UIDs
   * @rfc 5256 3
   */
  MessageThreads thread(SelectedMailbox mailbox, ThreadAlgorithm algorithm, SearchKey key)
      throws MailException;

  /**
   * Checks mailbox, rights and room before the first octet is asked of the client.
   *
   * @param date internal date; empty: now
   * @param size octets announced
   * @throws MailException {@code [TRYCREATE]}, {@code [OVERQUOTA]}, {@code [TOOBIG]}
   */
  Delivery prepare(
      Account account, MailboxName target, Flags flags, Optional<OffsetDateTime> date, long size)
      throws MailException;

  /**
   * Publishes all of them or none, in their order, safe against power loss. All are of one mailbox.
   */
  AppendUid deliver(List<Delivery> deliveries) throws MailException;

  /**
   * Tells of changes until it is closed: the callback may come from any thread, at any time, also
   * for no reason; it must return at once. What changed is then asked with {@link #changes}.
   */
  Watch watch(SelectedMailbox mailbox, Runnable changed) throws MailException;

  /** An ongoing watch. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
