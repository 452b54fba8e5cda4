package org.postrider.maildir;

import java.io.IOException;
import java.util.List;

/**
 * Messages that become part of a folder together: all of them or none. Made by the thread that
 * brings them; {@link Folder}'s lock guards what becomes of them.
 */
final class Arrival {

  private final List<Incoming> messages;
  private Published published;
  private Exception failure;
  private boolean undone;

  /**
   * @param messages sealed, one at least
   */
  Arrival(List<Incoming> messages) {
    this.messages = List.copyOf(messages);
  }

  List<Incoming> messages() {
    return messages;
  }

  void published(long uidValidity, long[] uids) {
    published = new Published(uidValidity, uids);
  }

  /**
   * They do not come.
   *
   * @param leftNothing false where some of them may be there all the same
   */
  void failed(Exception cause, boolean leftNothing) {
    failure = cause;
    undone = leftNothing;
  }

  /** Those of which nothing is known yet fail, with nothing done. */
  static void fail(List<Arrival> arrivals, Exception cause) {
    for (Arrival arrival : arrivals) {
      if (!arrival.isDecided()) {
        arrival.failed(cause, true);
      }
    }
  }

  /** True where it is known what became of them. */
  boolean isDecided() {
    return published != null || failure != null;
  }

  boolean hasFailed() {
    return failure != null;
  }

  /** True where they failed, and nothing of them is there. */
  boolean isUndone() {
    return undone;
  }

  /** What became of them. */
  Published outcome() throws IOException, MaildirException {
    switch (failure) {
      case null -> {
        return published;
      }
      case IOException e -> throw e;
      case MaildirException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
