package org.postrider.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** So many clients that do the same thing over and over, each as soon as it can. */
final class LoadGenerator {

  private LoadGenerator() {}

  /** What a client does; the number tells one time from the next, over all clients. */
  interface Operation {
    void run(int number) throws IOException;
  }

  /** A client, on a thread of its own. */
  private static final class Client implements Runnable {

    private final Operation operation;
    private final long end;
    private int number;
    private final int step;
    private final List<Long> nanos = new ArrayList<>();
    private long errors;
    private String firstError = "";

    Client(Operation operation, long end, int number, int step) {
      this.operation = operation;
      this.end = end;
      this.number = number;
      this.step = step;
    }

    @Override
    public void run() {
      long begin = System.nanoTime();
      while (begin < end) {
        try {
          operation.run(number);
          long now = System.nanoTime();
          if (now <= end) {
            nanos.add(now - begin);
          }
        } catch (IOException failed) {
          if (errors++ == 0) {
            firstError = String.valueOf(failed.getMessage());
          }
        }
        number += step;
        begin = System.nanoTime();
      }
    }
  }

  /** Runs that many clients for a time. What is under way at its end does not count. */
  static Sample run(int clients, Duration time, Operation operation) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    List<Client> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Client client = new Client(operation, end, i, clients);
      all.add(client);
      threads.add(Thread.ofPlatform().name("client-" + i).start(client));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long[] nanos =
        all.stream()
            .flatMapToLong(client -> client.nanos.stream().flatMapToLong(LongStream::of))
            .toArray();
    Arrays.sort(nanos);
    return new Sample(
        time.toNanos() / 1e9,
        nanos,
        all.stream().mapToLong(client -> client.errors).sum(),
        all.stream()
            .map(client -> client.firstError)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse(""));
  }
}
