package org.postrider.maildir;

import java.io.IOException;
import java.util.List;

/**
 * What is done with messages that are whole and have room, before a folder shows them. Where it
 * fails, the folder shows none of them.
 */
@FunctionalInterface
public interface Prelude {

  Prelude NOTHING = messages -> {};

  /**
   * Called once, under no lock.
   *
   * @param messages at least one; {@link Incoming#reading} tells what is in them
   */
  void run(List<Incoming> messages) throws IOException, MaildirException;
}
