package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postrider.protocol.MailboxName;

/** All that an account holds, as its clients see it. */
record AccountContents(
    SortedMap<String, Box> boxes,
    SortedSet<String> subscriptions,
    SortedMap<String, String> access,
    String limits) {

  /** A mailbox; messages by UID. */
  record Box(long validity, SortedMap<Long, Message> messages) {}

  /** A message; its subject stands for its text, which is read whole. */
  record Message(String subject, String flags, String keywords) {}

  /** Looks into every mailbox, which takes over what was delivered. */
  static AccountContents of(TestMaildir account) throws IOException, MaildirException {
    SortedMap<String, Box> boxes = new TreeMap<>();
    SortedMap<String, String> access = new TreeMap<>();
    for (MailboxName name : account.maildir().mailboxes()) {
      boxes.put(name.value(), box(account.folder(name)));
      access.put(name.value(), account.maildir().access().of(name).toString());
    }
    SortedSet<String> subscriptions = new TreeSet<>();
    account.maildir().subscriptions().forEach(name -> subscriptions.add(name.value()));
    return new AccountContents(
        boxes, subscriptions, access, account.maildir().quota().limits().toString());
  }

  private static Box box(Folder folder) throws IOException, MaildirException {
    FolderState state = folder.open(true);
    SortedMap<Long, Message> messages = new TreeMap<>();
    List<String> subjects = TestMaildir.subjects(folder);
    int at = 0;
    for (StoredMessage message : folder.messages(state.uidValidity())) {
      String keywords = message.flags().keywords().toString();
      String flags = MessageFileName.info(message.flags(), "");
      messages.put(message.uid(), new Message(subjects.get(at++), flags, keywords));
    }
    if (messages.size() != state.uids().length) {
      throw new IllegalStateException(folder.directory() + " tells two things");
    }
    return new Box(state.uidValidity(), messages);
  }

  /** How often each subject is there, by mailbox and subject. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new HashMap<>();
    boxes.forEach(
        (name, box) ->
            box.messages()
                .values()
                .forEach(message -> counts.merge(name + "/" + message.subject(), 1, Integer::sum)));
    return counts;
  }

  /** How often each subject is there at all. */
  Map<String, Integer> totals() {
    Map<String, Integer> totals = new HashMap<>();
    boxes
        .values()
        .forEach(
            box ->
                box.messages()
                    .values()
                    .forEach(message -> totals.merge(message.subject(), 1, Integer::sum)));
    return totals;
  }

  /** Copies a directory and all in it, with all times. */
  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectory(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Removes a directory and all in it. */
  static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path one, IOException e) throws IOException {
            Files.delete(one);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
