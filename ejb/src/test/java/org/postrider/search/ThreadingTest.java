package org.postrider.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.ThreadAlgorithm;
import org.postrider.transcript.NaiveThreads;

/** RFC 5256 section 3; what it says is compared with it word by word. */
class ThreadingTest {

  private static final byte[] EMPTY = {};

  @Property(tries = 2000)
  void threadsAreWhatTheStandardSaysWordByWord(
      @ForAll long seed, @ForAll ThreadAlgorithm algorithm) {
    List<NaiveThreads.Message> messages = random(new Random(seed));
    MessageThreads expected = NaiveThreads.of(algorithm, messages);
    assertThat(thread(messages, algorithm)).isEqualTo(expected);
  }

  /** Few messages that refer to each other, to missing ones and to themselves in every way. */
  private static List<NaiveThreads.Message> random(Random random) {
    int count = random.nextInt(12);
    int ids = 1 + random.nextInt(14);
    int subjects = 1 + random.nextInt(4);
    List<NaiveThreads.Message> messages = new ArrayList<>();
    long uid = 0;
    for (int i = 0; i < count; i++) {
      uid += 1 + random.nextInt(2);
      List<String> references = new ArrayList<>();
      for (int r = random.nextInt(5); r > 0; r--) {
        references.add("id" + random.nextInt(ids));
      }
      int subject = random.nextInt(subjects + 1);
      messages.add(
          new NaiveThreads.Message(
              uid,
              random.nextInt(6),
              random.nextInt(6),
              subject == 0 ? "" : "S" + subject,
              random.nextBoolean(),
              random.nextInt(5) == 0 ? "" : "id" + random.nextInt(ids),
              references));
    }
    return messages;
  }

  private static MessageThreads thread(
      List<NaiveThreads.Message> messages, ThreadAlgorithm algorithm) {
    HeaderTable.Builder table = new HeaderTable.Builder(new TextPool(), messages.size());
    for (NaiveThreads.Message message : messages) {
      table.add(
          message.uid(),
          new MessageHeader(
              message.sent(),
              message.arrived(),
              List.of(
                  message.subject().getBytes(StandardCharsets.US_ASCII),
                  EMPTY,
                  EMPTY,
                  EMPTY,
                  EMPTY,
                  EMPTY),
              message.reply(),
              message.id().isEmpty() ? 0 : id(message.id()),
              message.references().stream().mapToLong(ThreadingTest::id).toArray()));
    }
    long[] uids = messages.stream().mapToLong(NaiveThreads.Message::uid).toArray();
    return new Threading(table.build(), uids).run(algorithm);
  }

  private static long id(String id) {
    return KeyedHash.of(id.getBytes(StandardCharsets.US_ASCII));
  }

  @Property(tries = 500)
  void circlesAreFoundInTreesOfAnyForm(@ForAll long seed) {
    Random random = new Random(seed);
    int nodes = 2 + random.nextInt(3000);
    ReplyForest forest = new ReplyForest(nodes / 2 + 1);
    int[] parents = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      parents[node] = ReplyForest.NONE;
      if (node > nodes / 2) {
        assertThat(forest.add()).isEqualTo(node);
      }
      // Long chains, so that it goes over to link-cut trees; and cuts in their middle.
      int parent = random.nextInt(20) == 0 ? random.nextInt(node + 1) : Math.max(0, node - 1);
      relink(forest, parents, node, parent);
      int other = random.nextInt(node + 1);
      relink(forest, parents, other, random.nextInt(10) == 0 ? random.nextInt(node + 1) : node);
    }
  }

  private static void relink(ReplyForest forest, int[] parents, int node, int parent) {
    forest.cut(node);
    parents[node] = ReplyForest.NONE;
    boolean below = false;
    for (int at = parent; at != ReplyForest.NONE && !below; at = parents[at]) {
      below = at == node;
    }
    assertThat(forest.isBelow(parent, node)).isEqualTo(below);
    if (!below) {
      forest.link(node, parent);
      parents[node] = parent;
    }
    assertThat(forest.parent(node)).isEqualTo(parents[node]);
  }

  private static final int MANY = 100_000;

  /** Each answers the one before; numbered forwards, backwards and in a muddle. */
  @Test
  void chainsAsLongAsAMailboxIsLargeCostNoStackAndLittleTime() {
    int[] step = {1, MANY - 1, 7919};
    for (int one : step) {
      HeaderTable.Builder table = new HeaderTable.Builder(new TextPool(), MANY);
      for (int i = 0; i < MANY; i++) {
        int place = (int) ((long) i * one % MANY);
        long[] references = place == 0 ? new long[0] : new long[] {place};
        table.add(i + 1L, header(place, place + 1L, references, EMPTY));
      }
      assertAllThreaded(table.build());
    }
  }

  /**
   * Each refers to all that were before it as far as a header may be long, each time from the end.
   */
  @Test
  void longListsOfReferencesCostATimeThatGrowsWithThem() {
    int count = 2000;
    HeaderTable.Builder table = new HeaderTable.Builder(new TextPool(), count);
    for (int i = 0; i < count; i++) {
      long[] references = new long[MessageHeader.MOST_REFERENCES];
      for (int r = 0; r < references.length; r++) {
        references[r] = 1 + (i * 37L + r * 31L) % 5000;
      }
      table.add(i + 1L, header(i, 10_000L + i, references, EMPTY));
    }
    HeaderTable headers = table.build();
    for (ThreadAlgorithm algorithm : ThreadAlgorithm.values()) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> new Threading(headers, LongStream.rangeClosed(1, count).toArray()).run(algorithm));
    }
  }

  @Test
  void aHundredThousandMessagesOfOneSubjectAreOneThread() {
    HeaderTable.Builder table = new HeaderTable.Builder(new TextPool(), MANY);
    for (int i = 0; i < MANY; i++) {
      table.add(i + 1L, header(i % 100, i + 1L, new long[0], new byte[] {'S'}));
    }
    assertAllThreaded(table.build());
  }

  private static void assertAllThreaded(HeaderTable headers) {
    long[] uids = LongStream.rangeClosed(1, MANY).toArray();
    for (ThreadAlgorithm algorithm : ThreadAlgorithm.values()) {
      MessageThreads threads =
          assertTimeoutPreemptively(
              Duration.ofSeconds(20), () -> new Threading(headers, uids).run(algorithm));
      assertThat(LongStream.range(0, threads.size()).map(i -> threads.message((int) i)))
          .contains(1L, (long) MANY);
      assertThat(LongStream.range(0, threads.size()).filter(i -> threads.message((int) i) != 0))
          .hasSize(MANY);
    }
  }

  private static MessageHeader header(long sent, long id, long[] references, byte[] subject) {
    return new MessageHeader(
        sent, sent, List.of(subject, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY), false, id, references);
  }
}
