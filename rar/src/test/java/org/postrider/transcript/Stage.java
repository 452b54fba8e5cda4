package org.postrider.transcript;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A server with one account that nobody has used yet, on which one transcript is played. */
public interface Stage extends AutoCloseable {

  String user();

  String password();

  /** Makes the mailbox, if it is not there, and puts the messages into it, in their order. */
  void give(Transcript.GivenMailbox mailbox) throws Exception;

  /** Another connection, before its greeting is read. */
  Line connect() throws IOException;

  /** Opens a stage for one transcript. */
  @FunctionalInterface
  interface Opener {
    Stage open(Transcript.GivenAccount account) throws Exception;
  }

  /**
   * A connection as a client sees it.
   *
   * @param closer ends it; called once
   */
  record Line(InputStream in, OutputStream out, Closeable closer) {}
}
