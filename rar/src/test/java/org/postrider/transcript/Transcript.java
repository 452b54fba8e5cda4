package org.postrider.transcript;

import java.net.URI;
import java.util.List;

/**
 * One conversation, as read from its file by {@link TranscriptParser}.
 *
 * @param name of the file, without directory and ending
 * @param source where the file is
 * @param given mailboxes that are there before anyone connects, in the order of the file
 * @param account what is said of the account where it is kept
 * @param start how far every client is before its first line
 * @param ordered true where untagged lines have to come in the order of the file
 * @param needs what a store must be able to do, {@code mime}; a stage without it leaves the file
 *     out
 * @param steps at least one
 */
public record Transcript(
    String name,
    URI source,
    List<GivenMailbox> given,
    GivenAccount account,
    Start start,
    boolean ordered,
    List<String> needs,
    List<Step> steps) {

  public Transcript {
    given = List.copyOf(given);
    needs = List.copyOf(needs);
    steps = List.copyOf(steps);
  }

  /** How far the runner has brought every client before the first line of the file. */
  public enum Start {
    /** Connected; the greeting is the file's first line. */
    GREETING,
    /** Connected, the greeting read. */
    NOT_SIGNED_IN,
    SIGNED_IN,
    /** Signed in, and the first mailbox of {@code given} selected. */
    SELECTED,
    /** As before, by EXAMINE. */
    EXAMINED
  }

  /**
   * What the account's record says.
   *
   * @param quota as Courier writes it; empty where there is none
   * @param options as Courier writes them; empty where there are none
   * @param settings lines of Courier's file {@code imapd}, of the server that the account is on
   */
  public record GivenAccount(String quota, String options, List<String> settings) {
    /** Nothing. */
    public static final GivenAccount PLAIN = new GivenAccount("", "", List.of());

    public GivenAccount {
      settings = List.copyOf(settings);
    }
  }

  /** A mailbox and the messages in it. */
  public record GivenMailbox(String name, List<GivenMessage> messages) {
    public GivenMailbox {
      messages = List.copyOf(messages);
    }
  }

  /** A line of the conversation. */
  public sealed interface Step {
    /** Which client, counted from 1. */
    int client();

    /** Line of the file, counted from 1. */
    int line();
  }

  /**
   * What a client sends.
   *
   * @param tagged true where the runner puts a tag before it
   * @param pieces the line, cut behind each literal
   */
  public record Send(int client, int line, boolean tagged, List<Piece> pieces) implements Step {
    public Send {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * A piece of a client's line.
   *
   * @param text up to the brace of the literal, or to the end of the line
   * @param literal what follows in a literal; null at the end of the line
   * @param waits true where the client waits for {@code +} before it sends the literal
   */
  public record Piece(String text, String literal, boolean waits) {}

  /**
   * What a client must read.
   *
   * @param kind what sort of line
   * @param pattern of the line; for {@link Kind#TAGGED} without its tag; empty where there is none
   */
  public record Expect(int client, int line, Kind kind, String pattern) implements Step {
    public enum Kind {
      /** {@code * …}. */
      UNTAGGED,
      /** The answer to the oldest command that has none yet. */
      TAGGED,
      /** {@code + …}. */
      CONTINUATION,
      /** A line that is compared from its first octet. */
      RAW,
      /** Other untagged lines may come, too. */
      ANYTHING,
      /** No untagged line like this may come. */
      NEVER,
      /** The server closes the connection. */
      CLOSED
    }

    /** True where nothing more is read for this group of lines once this one came. */
    boolean endsGroup() {
      return switch (kind) {
        case TAGGED, CONTINUATION, RAW, CLOSED -> true;
        case UNTAGGED, ANYTHING, NEVER -> false;
      };
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
