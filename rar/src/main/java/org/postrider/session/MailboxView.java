package org.postrider.session;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.postrider.mail.Changes;
import org.postrider.mail.FlagChange;
import org.postrider.mail.Opened;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * A mailbox as one client knows it. The store goes on; this lags behind until the client is told,
 * and numbers are always those that the client knows: a message that is gone keeps its number until
 * its EXPUNGE is sent.
 *
 * <p>Message number n is {@code uids[n - 1]}. What {@link #note} learns waits here until {@link
 * #tell} may say it. Belongs to whoever holds the conversation ({@code Client.speaking}).
 *
 * @rfc 3501 2.3.1.2, 5.2, 5.5, 7.4.1
 */
public final class MailboxView {

  /** System flags that a client may change, as FLAGS lists them. */
  public static final Flags SETTABLE =
      Flags.of(
          SystemFlag.ANSWERED,
          SystemFlag.FLAGGED,
          SystemFlag.DELETED,
          SystemFlag.SEEN,
          SystemFlag.DRAFT);

  private final boolean newKeywords;
  private final boolean readOnly;
  private Rights rights;
  private boolean rightsChanged;

  /** Ascending; the first {@code size} count. */
  private long[] uids;

  private int size;
  private long modSeq;
  private UidSet recent;

  /** Known to the client, gone from the store, not told yet. */
  private UidSet vanished = UidSet.EMPTY;

  /** What a search kept for {@code $}. Those that are gone meanwhile are not known any more. */
  private UidSet saved = UidSet.EMPTY;

  private boolean arrivals;
  private final Map<Long, FlagChange> flagChanges = new LinkedHashMap<>();

  /** Keywords the client was told of. None is taken back in a session: it may still show one. */
  private final NavigableSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** Keywords that came into use since. */
  private final NavigableSet<String> newInUse = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** Modification sequences of this session's own changes: the client knows of them. */
  private final Set<Long> own = new HashSet<>();

  /** Messages that were copied elsewhere; only kept where it makes a difference. */
  private final Set<Long> copied = new HashSet<>();

  public MailboxView(Opened opened) {
    this(opened, true);
  }

  /**
   * @param newKeywords false where the administrator wants none
   */
  public MailboxView(Opened opened, boolean newKeywords) {
    this.newKeywords = newKeywords && opened.newKeywords();
    this.readOnly = opened.mailbox().readOnly();
    this.rights = opened.rights();
    this.uids = opened.uids();
    this.size = uids.length;
    this.recent = opened.recent();
    this.modSeq = opened.modSeq();
    this.keywords.addAll(opened.keywords());
  }

  /** How many messages the client knows. */
  public int size() {
    return size;
  }

  /** The state of the store up to which this view has heard. */
  public long modSeq() {
    return modSeq;
  }

  /** The number of a message, or 0 where the client does not know it. */
  public int number(long uid) {
    int index = Arrays.binarySearch(uids, 0, size, uid);
    return index < 0 ? 0 : index + 1;
  }

  /** The UID of message number {@code number}, 1 to {@link #size}. */
  public long uid(int number) {
    return uids[number - 1];
  }

  /** The numbers of messages that the client knows, in the same order. */
  public long[] numbers(long[] known) {
    return Arrays.stream(known).map(this::number).toArray();
  }

  /** All messages that the client knows. */
  public UidSet known() {
    return among(UidSet.ofRange(1, UidSet.MAX_UID));
  }

  /** From now on {@code $} means these: RFC 5182 section 2.1. */
  public void save(UidSet found) {
    saved = found;
  }

  public boolean isRecent(long uid) {
    return recent.contains(uid);
  }

  /** How many messages are recent to this session. */
  public int recentCount() {
    int count = 0;
    for (int i = 0; i < recent.ranges(); i++) {
      count += indexFrom(recent.last(i) + 1) - indexFrom(recent.first(i));
    }
    return count;
  }

  // --- Sets ---

  /**
   * The messages that a set names.
   *
   * @throws SyntaxException where it names a message number that is not there
   */
  public UidSet resolve(MessageSet set) throws SyntaxException {
    for (MessageSet.Range range : set.ranges()) {
      if (!set.uids() && (size == 0 || range.high(size) > size)) {
        throw new SyntaxException(
            "There is no message " + missing(range) + "; the mailbox has " + size + ".");
      }
    }
    return resolveLeniently(set);
  }

  /** The same for SEARCH, where numbers beyond the end match nothing. */
  UidSet resolveLeniently(MessageSet set) {
    if (set.saved()) {
      return among(saved);
    }
    long largest = set.uids() ? (size == 0 ? 0 : uids[size - 1]) : size;
    UidSet.Builder named = new UidSet.Builder();
    for (MessageSet.Range range : set.ranges()) {
      long low = Math.max(1, range.low(largest));
      long high = range.high(largest);
      if (low <= high) {
        named.add(low, high);
      }
    }
    // Merged first: "1:*,1:*,..." names each message once, however long it is.
    UidSet numbers = named.build();
    if (set.uids()) {
      return among(numbers);
    }
    UidSet.Builder found = new UidSet.Builder();
    for (int range = 0; range < numbers.ranges(); range++) {
      int to = (int) Math.min(numbers.last(range), size);
      for (int i = (int) Math.min(numbers.first(range) - 1, size); i < to; i++) {
        found.add(uids[i]);
      }
    }
    return found.build();
  }

  /** Those of the UIDs that the client knows. */
  private UidSet among(UidSet named) {
    UidSet.Builder found = new UidSet.Builder();
    for (int range = 0; range < named.ranges(); range++) {
      int to = indexFrom(named.last(range) + 1);
      for (int i = indexFrom(named.first(range)); i < to; i++) {
        found.add(uids[i]);
      }
    }
    return found.build();
  }

  /** The number that is too high, for people. */
  private String missing(MessageSet.Range range) {
    long number = Math.max(range.first(), range.last());
    return number > size ? Long.toString(number) : "*";
  }

  /** Index of the first known message whose UID is not below this one. */
  private int indexFrom(long uid) {
    int index = Arrays.binarySearch(uids, 0, size, uid);
    return index < 0 ? -index - 1 : index;
  }

  /** The key with all that only this session knows, numbers and {@code \Recent}, put in as UIDs. */
  public SearchKey resolve(SearchKey key) {
    return switch (key) {
      case SearchKey.Messages messages -> new SearchKey.Uids(resolveLeniently(messages.set()));
      case SearchKey.Flagged flagged when flagged.flag() == SystemFlag.RECENT ->
          new SearchKey.Uids(recent);
      case SearchKey.Not not -> new SearchKey.Not(resolve(not.key()));
      case SearchKey.Or or -> new SearchKey.Or(resolve(or.left()), resolve(or.right()));
      case SearchKey.And and -> new SearchKey.And(and.keys().stream().map(this::resolve).toList());
      default -> key;
    };
  }

  // --- Changes ---

  /** A change that this session made, and whose result the client knows or asked not to be told. */
  public void madeChange(long ownModSeq) {
    own.add(ownModSeq);
  }

  /** Messages were copied into another mailbox. */
  public void copied(UidSet uids) {
    uids.forEach(copied::add);
  }

  /** All messages of which {@link #copied(UidSet)} was said. */
  public UidSet copied() {
    UidSet.Builder all = new UidSet.Builder();
    copied.forEach(all::add);
    return all.build();
  }

  /** The client has just been told this message's flags. */
  public void knowsFlags(long uid) {
    flagChanges.remove(uid);
  }

  /** Remembers what happened in the store; the client is told later. */
  public void note(Changes changes) {
    for (int i = 0; i < changes.vanished().ranges(); i++) {
      noteVanished(changes.vanished().first(i), changes.vanished().last(i));
    }
    changes.arrived().forEach(this::append);
    if (!changes.recent().isEmpty()) {
      recent = recent.union(changes.recent());
    }
    for (FlagChange change : changes.flags()) {
      if (!own.contains(change.modSeq()) && number(change.uid()) > 0) {
        flagChanges.put(change.uid(), change);
      } else {
        flagChanges.replace(change.uid(), change);
      }
    }
    changes.keywords().ifPresent(inUse -> newInUse.addAll(inUse));
    rightsChanged |= !changes.rights().equals(rights);
    rights = changes.rights();
    modSeq = changes.modSeq();
    own.clear();
  }

  private void noteVanished(long first, long last) {
    int from = indexFrom(first);
    int to = indexFrom(last + 1);
    if (from == to) {
      return;
    }
    UidSet.Builder gone = new UidSet.Builder();
    for (int i = from; i < to; i++) {
      gone.add(uids[i]);
    }
    vanished = vanished.union(gone.build());
  }

  private void append(long uid) {
    if (size > 0 && uid <= uids[size - 1]) {
      return;
    }
    if (size == uids.length) {
      uids = Arrays.copyOf(uids, Math.max(16, size + (size >> 1)));
    }
    uids[size++] = uid;
    arrivals = true;
  }

  /**
   * Tells the client what was noted.
   *
   * @param expunges false during commands in which numbers must stay: section 7.4.1
   */
  public void tell(ResponseWriter out, boolean expunges) throws IOException {
    if (expunges && !vanished.isEmpty()) {
      tellExpunges(out);
    }
    if (arrivals) {
      arrivals = false;
      out.write(new Response.Exists(size));
      out.write(new Response.Recent(recentCount()));
    }
    tellKeywords(out);
    for (FlagChange change : flagChanges.values()) {
      if (!vanished.contains(change.uid())) {
        FetchData flags = flags(change.uid(), change.flags(), out);
        out.write(new Response.Fetch(number(change.uid()), List.of(flags)));
      }
    }
    flagChanges.clear();
  }

  /** Tells of keywords that are new, and of other rights: RFC 4314 section 5.1.1. */
  public void tellKeywords(ResponseWriter out) throws IOException {
    boolean isNew = keywords.addAll(newInUse);
    newInUse.clear();
    if (isNew || rightsChanged) {
      tellFlags(out);
    }
  }

  /**
   * The flags of a message as this client is to read them next: with {@code \Recent} where this
   * session has it. A keyword that it does not know is told first.
   */
  public FetchData.FlagsData flags(long uid, Flags flags, ResponseWriter out) throws IOException {
    if (!flags.keywords().isEmpty() && keywords.addAll(flags.keywords())) {
      tellFlags(out);
    }
    return new FetchData.FlagsData(isRecent(uid) ? flags.plus(SystemFlag.RECENT) : flags);
  }

  /**
   * From the last to the first, so that each number still is what the client counts when it reads
   * it.
   */
  private void tellExpunges(ResponseWriter out) throws IOException {
    int kept = size;
    for (int i = vanished.ranges() - 1; i >= 0; i--) {
      int from = indexFrom(vanished.first(i));
      int to = indexFrom(vanished.last(i) + 1);
      for (int index = to - 1; index >= from; index--) {
        out.write(new Response.Expunge(index + 1L));
      }
    }
    flagChanges.keySet().removeIf(vanished::contains);
    int write = 0;
    for (int read = 0; read < kept; read++) {
      if (!vanished.contains(uids[read])) {
        uids[write++] = uids[read];
      }
    }
    size = write;
    vanished = UidSet.EMPTY;
  }

  /** FLAGS and PERMANENTFLAGS, at SELECT and where a keyword or what the client may do is new. */
  public void tellFlags(ResponseWriter out) throws IOException {
    rightsChanged = false;
    Flags all = SETTABLE.withKeywords(keywords);
    out.write(new Response.MailboxFlags(all));
    Flags permanent = readOnly ? Flags.NONE : rights.changeable(all);
    boolean mayMakeKeywords = !readOnly && newKeywords && rights.has(Right.WRITE);
    out.write(
        Response.Status.ok(
            new ResponseCode.PermanentFlags(permanent, mayMakeKeywords),
            permanent.isEmpty() ? "Nothing can be changed here" : "These flags are kept"));
  }
}
