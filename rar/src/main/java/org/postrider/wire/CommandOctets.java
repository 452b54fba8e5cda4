package org.postrider.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.postrider.protocol.ResponseCode.Word;

/**
 * The octets of commands, one after the other, each charged to the {@link Limits} of the
 * connection: the one place where a client's claims on memory are counted.
 *
 * <p>Knows where a command's lines end and which literals were refused, so that {@link
 * #skipCommand} finds the next command whatever went wrong with this one. Belongs to the
 * connection's thread.
 */
final class CommandOctets {

  /** Octets waiting; small, because ten thousand idle connections have one each. */
  private static final int BUFFER_OCTETS = 2048;

  private final InputStream in;
  private final CommandReader.Continuation continuation;
  private final byte[] buffer = new byte[BUFFER_OCTETS];
  private int position;
  private int limit;

  private Limits limits = Limits.BEFORE_SIGN_IN;

  /** Octets of this command so far. */
  private int spent;

  /** Octets that this line may have beyond the limits, in all; 0: it may not. */
  private int allowed;

  private boolean lineEnded = true;

  /** The head of a message literal has been read, and nobody has taken or refused it yet. */
  private IncomingLiteral pending;

  /** Octets of a refused non-synchronizing literal that are still to come. */
  private long refusedOctets;

  CommandOctets(InputStream in, CommandReader.Continuation continuation) {
    this.in = in;
    this.continuation = continuation;
  }

  Limits limits() {
    return limits;
  }

  void setLimits(Limits limits) {
    this.limits = limits;
  }

  int spent() {
    return spent;
  }

  /** Octets that are an argument's and were moved, not read one by one. */
  void charge(int octets) {
    spent += octets;
  }

  /** True where a whole line is here already. */
  boolean holdsLine() {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  /**
   * Begins a command: waits for its first octet.
   *
   * @return false where the client has closed its side
   */
  boolean begin() throws IOException {
    beginLine();
    return position < limit || fill();
  }

  byte[] takeRest() {
    byte[] rest = Arrays.copyOfRange(buffer, position, limit);
    position = limit;
    return rest;
  }

  /** Begins a line that is charged on its own. */
  void beginLine() {
    spent = 0;
    allowed = 0;
    lineEnded = false;
    refusedOctets = 0;
    pending = null;
  }

  /** Lets this line be longer than others. */
  void allow(int octets) {
    allowed = octets;
  }

  void endLine() {
    lineEnded = true;
  }

  /** The next octet, which stays. */
  int peek() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException("The client closed the connection in the middle of a command.");
    }
    return buffer[position] & 0xFF;
  }

  /**
   * The next octet.
   *
   * @throws SyntaxException where it is one too many, or NUL; then it stays
   */
  int next() throws SyntaxException, IOException {
    int c = peek();
    int most = Math.max(limits.commandOctets(), allowed);
    if (spent >= most) {
      throw new SyntaxException("A command is at most " + most + " octets long here.");
    }
    if (c == 0) {
      throw new SyntaxException("A NUL octet has no place in a command.");
    }
    spent++;
    position++;
    return c;
  }

  /** Octets that may be secret: nothing of them is left behind elsewhere. */
  byte[] takeWhile(IntPredicate wanted) throws SyntaxException, IOException {
    byte[] taken = new byte[128];
    int length = 0;
    while (wanted.test(peek())) {
      if (length == taken.length) {
        byte[] longer = Arrays.copyOf(taken, length * 2);
        Arrays.fill(taken, (byte) 0);
        taken = longer;
      }
      taken[length++] = (byte) next();
    }
    byte[] result = Arrays.copyOf(taken, length);
    Arrays.fill(taken, (byte) 0);
    return result;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = 0;
    int read = in.read(buffer, 0, buffer.length);
    if (read <= 0) {
      return false;
    }
    limit = read;
    return true;
  }

  // --- Literals ---

  /** A message literal's head has been read; the command goes on after its octets. */
  void await(IncomingLiteral literal) {
    pending = literal;
  }

  /** True while a message literal waits to be taken or refused. */
  boolean awaitsLiteral() {
    return pending != null;
  }

  /** The literal is wanted: tells the client to send it, where it waits for that. */
  void accept(boolean synchronizing) throws IOException {
    pending = null;
    if (synchronizing) {
      continuation.send();
    }
  }

  /**
   * The literal is not wanted: a synchronizing one will never come, another is dropped when it
   * does.
   */
  void refuse(long octets, boolean synchronizing) {
    pending = null;
    refusedOctets = synchronizing ? 0 : octets;
    lineEnded = synchronizing;
  }

  /** Moves literal octets, first those that are here already. */
  void transfer(long octets, byte[] room, IncomingLiteral.Sink sink) throws IOException {
    long left = octets;
    while (left > 0) {
      int step;
      if (position < limit) {
        step = (int) Math.min(left, limit - position);
        sink.take(ByteBuffer.wrap(buffer, position, step));
        position += step;
      } else {
        step = in.read(room, 0, (int) Math.min(left, room.length));
        if (step <= 0) {
          throw new EOFException("The client closed the connection in the middle of a literal.");
        }
        sink.take(ByteBuffer.wrap(room, 0, step));
      }
      left -= step;
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("The server is stopping.");
      }
    }
  }

  // --- What is dropped ---

  /**
   * Drops what is left of this command; nothing where it has ended.
   *
   * @throws DisconnectException where it is so much that the connection is better closed
   */
  void skipCommand() throws IOException {
    if (pending != null) {
      pending.refuse();
    }
    long dropped = 0;
    while (!lineEnded) {
      if (refusedOctets > limits.messageOctets() + Limits.DROPPED_OCTETS) {
        throw new DisconnectException(
            Word.TOOBIG,
            "A literal of " + refusedOctets + " octets is too large to be taken or dropped here.");
      }
      drop(refusedOctets);
      LiteralEnding ending = new LiteralEnding();
      int c = drop();
      while (c != '\n') {
        ending.see(c);
        if (++dropped > Limits.DROPPED_OCTETS) {
          throw new DisconnectException(
              Word.LIMIT, "A command is at most " + limits.commandOctets() + " octets long here.");
        }
        c = drop();
      }
      refusedOctets = ending.octets();
      lineEnded = refusedOctets < 0;
    }
    refusedOctets = 0;
  }

  private int drop() throws IOException {
    int c = peek();
    position++;
    return c;
  }

  private void drop(long octets) throws IOException {
    long left = octets;
    while (left > 0) {
      peek();
      int step = (int) Math.min(left, limit - position);
      position += step;
      left -= step;
    }
  }

  /** Recognises {@code {123+}} at the end of a line that is being dropped. */
  private static final class LiteralEnding {

    private enum State {
      OUTSIDE,
      OPENED,
      NUMBER,
      PLUS,
      CLOSED
    }

    private State state = State.OUTSIDE;
    private long number;

    void see(int c) {
      if (c == '{') {
        state = State.OPENED;
        number = 0;
      } else if ((state == State.OPENED || state == State.NUMBER) && c >= '0' && c <= '9') {
        state = State.NUMBER;
        number = Math.min(number * 10 + (c - '0'), Long.MAX_VALUE / 100);
      } else if (state == State.NUMBER && c == '+') {
        state = State.PLUS;
      } else if (state == State.PLUS && c == '}') {
        state = State.CLOSED;
      } else if (!(state == State.CLOSED && c == '\r')) {
        state = State.OUTSIDE;
      }
    }

    /** Octets that follow the line, or -1 where none do. */
    long octets() {
      return state == State.CLOSED ? number : -1;
    }
  }
}
