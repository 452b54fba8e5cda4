package org.postrider.bean;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import org.postrider.mail.MailException;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.outbox.UnsentException;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;

/** What the store could not do, as the session and the console are told of it. */
final class Refusals {

  private Refusals() {}

  /** A question to the store. */
  @FunctionalInterface
  interface Question<R> {
    R ask() throws IOException, MaildirException, MailException;
  }

  /** Asks, and says what went wrong in the words of the protocol. */
  static <R> R ask(Question<R> question) throws MailException {
    return ask(question, Word.NONEXISTENT);
  }

  /**
   * Asks a question that concerns a mailbox for messages to go to.
   *
   * @rfc 3501 6.3.11, 6.4.7
   */
  static <R> R askOfTarget(Question<R> question) throws MailException {
    return ask(question, Word.TRYCREATE);
  }

  private static <R> R ask(Question<R> question, ResponseCode nonexistent) throws MailException {
    try {
      return question.ask();
    } catch (MaildirException e) {
      throw new MailException(code(e.reason(), nonexistent), e.getMessage());
    } catch (UnsentException e) {
      throw new MailException(Word.ALERT, e.getMessage()); // its reason is in the log already
    } catch (IOException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      throw new Mistake(e);
    }
  }

  private static ResponseCode code(MaildirException.Reason reason, ResponseCode nonexistent) {
    return switch (reason) {
      case NONEXISTENT -> nonexistent;
      case ALREADY_EXISTS -> Word.ALREADYEXISTS;
      case CANNOT -> Word.CANNOT;
      case CLOSED -> Word.CLOSED;
      case LIMIT -> Word.LIMIT;
      case IN_USE -> Word.INUSE;
      case OVER_QUOTA -> Word.OVERQUOTA;
      case NOT_YOURS -> Word.NOPERM;
    };
  }

  /** The disk's refusal. The cause, whose text may hold a path, is for the session's log alone. */
  static MailException failed(IOException e) {
    if (Maildir.isDiskFull(e)) {
      return new MailException(
          Word.UNAVAILABLE,
          "The server's disk is full; nothing was stored. Please tell its administrator.",
          e);
    }
    if (e instanceof ClosedByInterruptException) {
      return new MailException(Word.UNAVAILABLE, "The server is stopping.");
    }
    return new MailException(
        Word.UNAVAILABLE,
        "The server could not read or write this mailbox; please tell its administrator.",
        e);
  }
}
