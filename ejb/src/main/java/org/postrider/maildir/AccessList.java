package org.postrider.maildir;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/**
 * The access list of a mailbox, as Courier keeps it in {@code courierimapacl}. Immutable.
 *
 * <pre>
 * owner aceilrstwx
 * administrators aceilrstwx
 * user=john ilrsw
 * anyone lr
 * -user=jane@example.com r
 * </pre>
 *
 * One entry a line: an identifier ({@link AccessIdentifier}, UTF-8), spaces, letters in the order
 * of their octets, LF. {@code c} is the right that RFC 4314 calls {@code k}; the others have its
 * letters. Letters that are no rights mean nothing and stay. A line with nothing before its first
 * space, or with more than two words, is none; of two lines with one identifier the later one
 * counts; a last line without LF counts. Administrators have all rights whatever the file says, and
 * their negative entries are none. In a file without any octet, which a power cut leaves of a new
 * one, owner and administrators have all rights and nobody else any.
 *
 * <p><b>What somebody may do</b> is the union of all entries that mean them, without the union of
 * all negative ones. The owner may always change the list.
 */
public final class AccessList {

  /** What an INBOX without a file has. */
  static final AccessList DEFAULT;

  /** Most entries of one list. */
  private static final int MOST_ENTRIES = 1_000;

  private static final String OWNER = "owner";
  private static final String ADMINISTRATORS = "administrators";
  private static final String ADMINISTRATORS_GROUP = "group=administrators";
  private static final String ALL_LETTERS = "aceilrstwx";
  private static final Rights OF_OWNER = Rights.of(Right.ADMINISTER, Right.LOOKUP);
  private static final Identity ANY_OWNER = new Identity("", Set.of(), true);
  private static final Identity ANY_ADMINISTRATOR = new Identity("", Set.of(ADMINISTRATORS), false);

  static {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(OWNER, ALL_LETTERS);
    entries.put(ADMINISTRATORS, ALL_LETTERS);
    DEFAULT = new AccessList(entries);
  }

  /** Letters by identifier, both in octets, in the order of the file. */
  private final Map<String, String> entries;

  private AccessList(Map<String, String> entries) {
    this.entries = entries;
  }

  /** The list that a file says; never fails. */
  static AccessList parse(byte[] octets) {
    if (octets.length == 0) {
      return DEFAULT;
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (String line : new String(octets, StandardCharsets.ISO_8859_1).split("\n")) {
      int space = space(line, 0);
      int from = space;
      while (from < line.length() && isSpace(line.charAt(from))) {
        from++;
      }
      String letters = line.substring(from);
      if (space > 0 && space(letters, 0) == letters.length()) {
        entries.put(line.substring(0, space), sorted(letters));
      }
    }
    entries.remove("-" + ADMINISTRATORS);
    entries.remove("-" + ADMINISTRATORS_GROUP);
    // Both names are those of one group; the longer one counts where it is there.
    String group =
        entries.containsKey(ADMINISTRATORS_GROUP) ? ADMINISTRATORS_GROUP : ADMINISTRATORS;
    entries.merge(group, ALL_LETTERS, (letters, all) -> sorted(letters + all));
    AccessList list = new AccessList(entries);
    return list.equals(DEFAULT) ? DEFAULT : list;
  }

  /** How many lines of a file are passed over. */
  static int unreadableLines(byte[] octets) {
    int unreadable = 0;
    for (String line : new String(octets, StandardCharsets.ISO_8859_1).split("\n")) {
      unreadable += line.isEmpty() || isEntry(line) ? 0 : 1;
    }
    return unreadable;
  }

  /** A word, and one more or none. */
  private static boolean isEntry(String line) {
    int space = space(line, 0);
    String letters = line.substring(space).stripLeading();
    return space > 0 && space(letters, 0) == letters.length();
  }

  private static int space(String text, int from) {
    int at = from;
    while (at < text.length() && !isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** As C's {@code isspace}. */
  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static String sorted(String letters) {
    return letters
        .chars()
        .sorted()
        .distinct()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** The file's octets. */
  byte[] format() {
    StringBuilder text = new StringBuilder();
    entries.forEach(
        (identifier, letters) -> text.append(identifier).append(' ').append(letters).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  int size() {
    return entries.size();
  }

  /** True where somebody beside owner and administrators may know of the mailbox. */
  boolean isShared() {
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      boolean others =
          switch (entry.getKey()) {
            case OWNER, ADMINISTRATORS, ADMINISTRATORS_GROUP -> false;
            default -> !entry.getKey().startsWith("-");
          };
      if (others && entry.getValue().indexOf(Right.LOOKUP.letter()) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** What somebody may do. */
  public Rights rights(Identity who) {
    Rights rights = union(who);
    return who.owner() ? rights.plus(Right.ADMINISTER) : rights;
  }

  private Rights union(Identity who) {
    Rights granted = Rights.NONE;
    Rights taken = Rights.NONE;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      String identifier = entry.getKey();
      if (identifier.startsWith("-")) {
        if (who.isMeantBy(identifier.substring(1))) {
          taken = taken.plus(rights(entry.getValue()));
        }
      } else if (who.isMeantBy(identifier)) {
        granted = granted.plus(rights(entry.getValue()));
      }
    }
    return granted.minus(taken);
  }

  /** What an identifier has in any list: RFC 4314 section 3.7. */
  public static Rights always(AccessIdentifier identifier) {
    return switch (identifier.stored()) {
      case OWNER -> OF_OWNER;
      case ADMINISTRATORS -> Rights.ALL;
      default -> Rights.NONE;
    };
  }

  /** What an identifier may have in some list: what {@link #with} does not refuse. */
  public static Rights grantable(AccessIdentifier identifier) {
    Rights all = Rights.ALL.plus(Right.POST);
    return switch (identifier.stored()) {
      case "-" + OWNER -> all.minus(OF_OWNER);
      case "-" + ADMINISTRATORS, "-anyone", "-anonymous" -> all.minus(Rights.ALL);
      default -> all;
    };
  }

  /** All entries that can be said, in order; those without rights are none. */
  public void forEach(BiConsumer<AccessIdentifier, Rights> entry) {
    entries.forEach(
        (identifier, letters) -> {
          Rights rights = rights(letters);
          String text = FileNames.text(identifier).orElse("");
          if (!text.isEmpty() && !rights.isEmpty()) {
            entry.accept(new AccessIdentifier(text), rights);
          }
        });
  }

  /**
   * The list with other rights for one identifier; without rights it is not in it any more.
   *
   * @throws MaildirException CANNOT where the owner would lose {@code a} or {@code l} or
   *     administrators anything, or the file can't hold the identifier; LIMIT
   */
  public AccessList with(AccessIdentifier identifier, RightsChange change) throws MaildirException {
    String whom = FileNames.utf8(identifier.stored());
    if (space(whom, 0) != whom.length()) {
      throw new MaildirException(
          Reason.CANNOT, "An access list can't keep an identifier with a space in it.");
    }
    String key = key(whom);
    Map<String, String> changed = new LinkedHashMap<>(entries);
    String before = entries.getOrDefault(key, "");
    String letters = sorted(strange(change, before) + letters(change.applyTo(rights(before))));
    if (letters.isEmpty()) {
      changed.remove(key);
    } else {
      changed.put(key, letters);
    }
    if (changed.size() > Math.max(MOST_ENTRIES, entries.size())) {
      throw new MaildirException(
          Reason.LIMIT,
          "This access list has " + MOST_ENTRIES + " entries, which is the most; groups take one.");
    }
    AccessList list = new AccessList(changed);
    list.check();
    return list;
  }

  /** All entries as they stand in the file: identifiers and letters, in octets. */
  public void forEachLine(BiConsumer<String, String> entry) {
    entries.forEach(entry);
  }

  /**
   * The list with other letters for one identifier, as Courier's {@code maildiracl} changes it: any
   * identifier and any letters that a line can hold.
   *
   * @param identifier in octets
   * @param change letters that replace those that are there; after a {@code +} or {@code -} such
   *     that are added or taken away; null takes the entry out
   * @throws MaildirException CANNOT where one of them is empty or has a blank in it
   */
  public AccessList withLine(String identifier, String change) throws MaildirException {
    boolean blank = space(identifier, 0) != identifier.length() || identifier.isEmpty();
    if (change != null && (blank || space(change, 0) != change.length())) {
      throw new MaildirException(
          Reason.CANNOT, "An access list can't keep an identifier or rights with a blank in them.");
    }
    Map<String, String> changed = new LinkedHashMap<>(entries);
    if (change == null) {
      changed.remove(identifier);
    } else if (change.startsWith("+") || change.startsWith("-")) {
      String letters = change.substring(1);
      String before = entries.getOrDefault(identifier, "");
      changed.put(
          identifier, change.startsWith("+") ? sorted(before + letters) : without(before, letters));
    } else {
      changed.put(identifier, sorted(change));
    }
    return new AccessList(changed);
  }

  /**
   * The letters that somebody has to whom all of these identifiers apply, sorted; without what the
   * protocol grants an owner beyond the file.
   *
   * @param identifiers in octets
   */
  public String letters(Collection<String> identifiers) {
    StringBuilder granted = new StringBuilder();
    StringBuilder taken = new StringBuilder();
    entries.forEach(
        (identifier, letters) -> {
          boolean negative = identifier.startsWith("-");
          if (applies(negative ? identifier.substring(1) : identifier, identifiers)) {
            (negative ? taken : granted).append(letters);
          }
        });
    return without(sorted(granted.toString()), taken.toString());
  }

  private static boolean applies(String identifier, Collection<String> identifiers) {
    return switch (identifier) {
      case "anyone", "anonymous" -> true;
      case ADMINISTRATORS, ADMINISTRATORS_GROUP ->
          identifiers.contains(ADMINISTRATORS) || identifiers.contains(ADMINISTRATORS_GROUP);
      default -> identifiers.contains(identifier);
    };
  }

  private static String without(String letters, String taken) {
    StringBuilder left = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      if (taken.indexOf(letters.charAt(i)) < 0) {
        left.append(letters.charAt(i));
      }
    }
    return left.toString();
  }

  /** True where the owner could still change the list and see the mailbox. */
  public boolean keepsOwner() {
    return union(ANY_OWNER).hasAll(OF_OWNER);
  }

  /** True where administrators have all rights. */
  public boolean keepsAdministrators() {
    return union(ANY_ADMINISTRATOR).hasAll(Rights.ALL);
  }

  /** The one of the two names of administrators that is in the file. */
  private String key(String whom) {
    boolean other =
        whom.equals(ADMINISTRATORS)
            && !entries.containsKey(ADMINISTRATORS)
            && entries.containsKey(ADMINISTRATORS_GROUP);
    return other ? ADMINISTRATORS_GROUP : whom;
  }

  private void check() throws MaildirException {
    if (!keepsOwner()) {
      throw new MaildirException(
          Reason.CANNOT, "The owner of a mailbox keeps the rights a and l; nothing was changed.");
    }
    if (!keepsAdministrators()) {
      throw new MaildirException(
          Reason.CANNOT, "Administrators keep all rights; nothing was changed.");
    }
  }

  private static Rights rights(String letters) {
    Rights rights = Rights.NONE;
    for (int i = 0; i < letters.length(); i++) {
      Right right = right(letters.charAt(i));
      rights = right == null ? rights : rights.plus(right);
    }
    return rights;
  }

  /** The right that a letter in the file is; null where it is none. */
  private static Right right(char letter) {
    if (letter == 'c') {
      return Right.CREATE;
    }
    for (Right right : Right.values()) {
      if (right.letter() == letter) {
        return right == Right.CREATE ? null : right;
      }
    }
    return null;
  }

  private static String letters(Rights rights) {
    return rights.letters().replace('k', 'c');
  }

  /** Letters that mean nothing, of an entry whose rights are added to or lessened. */
  private static String strange(RightsChange change, String letters) {
    StringBuilder strange = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      if (change.kind() != RightsChange.Kind.REPLACE && right(letters.charAt(i)) == null) {
        strange.append(letters.charAt(i));
      }
    }
    return strange.toString();
  }

  /** True where both have the same entries in the same order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof AccessList list
        && entries.equals(list.entries)
        && entries.keySet().stream().toList().equals(list.entries.keySet().stream().toList());
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
