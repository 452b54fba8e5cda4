package org.postrider.mail;

import java.util.List;

/**
 * Answers about some messages, with the files open that their literals name. Whoever asked closes
 * it when the last octet is on its way.
 *
 * @param messages ascending by UID; those that are gone meanwhile are missing
 */
public record MessageBatch(List<MessageData> messages, List<? extends AutoCloseable> files)
    implements AutoCloseable {

  public MessageBatch {
    messages = List.copyOf(messages);
    files = List.copyOf(files);
  }

  @Override
  public void close() {
    for (AutoCloseable file : files) {
      try {
        file.close();
      } catch (Exception e) {
        System.getLogger(MessageBatch.class.getName())
            .log(System.Logger.Level.WARNING, "A message file did not close", e);
      }
    }
  }
}
