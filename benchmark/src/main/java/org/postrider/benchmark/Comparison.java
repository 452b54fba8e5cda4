package org.postrider.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures servers in turns: A B C, A B C, so that whatever else the machine does meets them all
 * alike. A round before the first is not counted: it fills caches and lets the JVM compile.
 *
 * @param rounds that count
 * @param time of one measurement
 * @param warmUp of one in the round that does not count
 * @param out where progress is told
 */
record Comparison(int rounds, Duration time, Duration warmUp, PrintStream out) {

  /**
   * One measurement.
   *
   * @param round from 1
   * @param load the machine's load average when it began, over one minute; NaN where unknown
   * @param processorSeconds that the server's processes had meanwhile
   */
  record Measurement(
      String server,
      Scenario scenario,
      int round,
      double load,
      double processorSeconds,
      Sample sample) {

    /** Milliseconds of a processor for each operation; what else the machine does matters less. */
    double processorMillis() {
      return 1000 * processorSeconds / Math.max(1, sample.nanos().length);
    }
  }

  /** All scenarios on all servers. */
  List<Measurement> of(List<Peer> peers, List<RunningServer> servers, List<Scenario> scenarios)
      throws IOException, InterruptedException {
    List<Measurement> found = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      for (Scenario scenario : scenarios) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
          double load = load();
          double before = servers.get(i).processorSeconds();
          Sample sample = scenario.run(servers.get(i), round == 0 ? warmUp : time);
          double processor = servers.get(i).processorSeconds() - before;
          String name = peers.get(i).name();
          line.append(String.format(Locale.ROOT, "  %s %.0f/s", name, sample.perSecond()));
          if (sample.errors() > 0) {
            line.append(" (%d errors: %s)".formatted(sample.errors(), sample.firstError()));
          }
          if (round > 0) {
            found.add(new Measurement(name, scenario, round, load, processor, sample));
          }
        }
        out.printf("%s, %s:%s%n", round == 0 ? "warm-up" : "round " + round, scenario.name(), line);
      }
    }
    return found;
  }

  /** The load average over one minute; NaN where the machine does not tell. */
  static double load() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    } catch (IOException unknown) {
      return Double.NaN;
    }
  }
}
