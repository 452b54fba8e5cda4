package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postrider.maildir.AccountContents.Box;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.RightsChange;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * One thing that a client has a server do.
 *
 * @param one chooses a mailbox, as far as the operation needs one
 * @param other chooses a second one
 * @param bits choose messages, flags or names
 */
record StoreOperation(Kind kind, int one, int other, int bits) {

  /** What is done. */
  enum Kind {
    TAKE_NEW_MAIL,
    APPEND,
    MULTIAPPEND,
    COPY,
    MOVE,
    STORE,
    STORE_KEYWORDS,
    EXPUNGE,
    CREATE,
    DELETE,
    RENAME,
    RENAME_INBOX,
    SUBSCRIBE,
    UNSUBSCRIBE,
    SET_ACCESS,
    DELETE_ACCESS,
    SET_LIMIT;

    /** True where all messages that it concerns come or go together, whenever it is stopped. */
    boolean isAllOrNothing() {
      return this == APPEND || this == MULTIAPPEND || this == COPY;
    }
  }

  private static final List<String> NAMES =
      List.of("INBOX.Sent", "INBOX.Sent.Old", "INBOX.a", "INBOX.a.b", "INBOX.Trash");

  /** What a delivery agent does before; answers whether there is new mail. */
  void prepare(TestMaildir account, String subject) throws IOException {
    if (kind == Kind.TAKE_NEW_MAIL) {
      String seconds = "17" + Integer.toString(10_000_000 + bits % 1_000) + ".";
      deliver(account.root, seconds + subject + "x", subject + "x");
      deliver(account.root, seconds + subject + "y", subject + "y");
    }
  }

  private static void deliver(Path root, String name, String subject) throws IOException {
    String text = TestMaildir.text(subject);
    if (Files.exists(root.resolve(Maildirsize.FILE))) {
      Files.writeString(
          root.resolve(Maildirsize.FILE),
          Maildirsize.line(QuotaAmount.NONE.plusMessage(text.length())),
          StandardOpenOption.APPEND);
    }
    Path tmp = Files.writeString(root.resolve("tmp").resolve(name), text);
    Files.move(tmp, root.resolve("new").resolve(name));
  }

  /**
   * Does it.
   *
   * @param subject of messages that it makes, where it makes some
   * @return what the server acknowledges to be there, as {@code mailbox/UIDVALIDITY/UID/subject}
   */
  List<String> run(TestMaildir account, AccountContents now, String subject)
      throws IOException, MaildirException {
    List<String> boxes = List.copyOf(now.boxes().keySet());
    String box = boxes.get(one % boxes.size());
    String second = boxes.get(other % boxes.size());
    MailboxName name = new MailboxName(box);
    Maildir maildir = account.maildir();
    switch (kind) {
      case TAKE_NEW_MAIL -> account.inbox().open(false);
      case APPEND -> {
        return append(account.folder(name), List.of(subject));
      }
      case MULTIAPPEND -> {
        return append(account.folder(name), List.of(subject + "1", subject + "2", subject + "3"));
      }
      case COPY, MOVE -> {
        return transfer(account, now, box, second);
      }
      case STORE -> {
        SystemFlag flag = SystemFlag.values()[bits % 5];
        Flags flags = Flags.of(flag == SystemFlag.RECENT ? SystemFlag.DELETED : flag);
        account
            .folder(name)
            .store(
                now.boxes().get(box).validity(),
                some(now.boxes().get(box)),
                f -> changed(f, flags));
      }
      case STORE_KEYWORDS -> {
        Flags flags = Flags.ofKeywords(List.of("Word" + bits % 3)).plus(Flags.of(SystemFlag.SEEN));
        account
            .folder(name)
            .store(
                now.boxes().get(box).validity(),
                some(now.boxes().get(box)),
                f -> changed(f, flags));
      }
      case EXPUNGE ->
          account.folder(name).expunge(now.boxes().get(box).validity(), Optional.empty());
      case CREATE -> maildir.create(new MailboxName(NAMES.get(bits % NAMES.size())));
      case DELETE -> maildir.delete(name);
      case RENAME -> maildir.rename(name, new MailboxName(NAMES.get(bits % NAMES.size())));
      case RENAME_INBOX ->
          maildir.rename(MailboxName.INBOX, new MailboxName(NAMES.get(bits % NAMES.size())));
      case SUBSCRIBE -> maildir.subscribe(name);
      case UNSUBSCRIBE -> maildir.unsubscribe(name);
      case SET_ACCESS ->
          maildir
              .access()
              .change(
                  name,
                  AccessIdentifier.parse("anna"),
                  RightsChange.parse("lrs".substring(bits % 3)));
      case DELETE_ACCESS ->
          maildir.access().change(name, AccessIdentifier.parse("anna"), RightsChange.parse(""));
      case SET_LIMIT -> maildir.limit(new QuotaLimits(100_000L + bits, bits % 2 == 0 ? 0 : 1_000));
    }
    return List.of();
  }

  /** As STORE's changes are: made twice, which the store may do, it is the same as once. */
  private Flags changed(Flags before, Flags change) {
    return bits % 5 == 4 ? before.minus(change) : before.plus(change);
  }

  private UidSet some(Box box) {
    UidSet.Builder uids = new UidSet.Builder();
    int bit = 0;
    for (long uid : box.messages().keySet()) {
      if ((bits >> (bit++ % 8) & 1) == 1) {
        uids.add(uid);
      }
    }
    return uids.build();
  }

  private List<String> append(Folder folder, List<String> subjects)
      throws IOException, MaildirException {
    Flags flags =
        bits % 2 == 0
            ? Flags.of(SystemFlag.FLAGGED)
            : Flags.ofKeywords(List.of("Work")).plus(Flags.of(SystemFlag.SEEN));
    List<Incoming> messages = new ArrayList<>();
    try {
      for (String subject : subjects) {
        byte[] octets =
            TestMaildir.text(subject).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        Incoming message =
            folder.receive(flags, Instant.ofEpochSecond(1_000_000_000), octets.length);
        messages.add(message);
        message.write(ByteBuffer.wrap(octets));
      }
      Published published = folder.publish(messages);
      List<String> promised = new ArrayList<>();
      for (int i = 0; i < published.uids().length; i++) {
        promised.add(
            promise(folder, published.uidValidity(), published.uids()[i], subjects.get(i)));
      }
      return promised;
    } finally {
      for (Incoming message : messages) {
        message.close();
      }
    }
  }

  private List<String> transfer(TestMaildir account, AccountContents now, String from, String to)
      throws IOException, MaildirException {
    Box box = now.boxes().get(from);
    Folder source = account.folder(new MailboxName(from));
    Folder target = account.folder(new MailboxName(to));
    if (kind == Kind.MOVE && from.equals(to)) {
      return List.of();
    }
    Optional<Transfer> done =
        kind == Kind.COPY
            ? Transfer.copy(source, box.validity(), some(box), target)
            : Transfer.move(source, box.validity(), some(box), target);
    List<String> promised = new ArrayList<>();
    if (done.isPresent()) {
      SortedMap<Long, Long> uids = new TreeMap<>();
      List<Long> targets = new ArrayList<>();
      done.get().target().forEach(targets::add);
      done.get().source().forEach(uid -> uids.put(uid, targets.get(uids.size())));
      uids.forEach(
          (old, uid) ->
              promised.add(
                  promise(
                      target, done.get().uidValidity(), uid, box.messages().get(old).subject())));
    }
    return promised;
  }

  private static String promise(Folder folder, long validity, long uid, String subject) {
    String directory = FileNames.octets(folder.directory());
    String name = directory.startsWith(".") ? "INBOX" + directory : "INBOX";
    return name + "/" + validity + "/" + uid + "/" + subject;
  }
}
