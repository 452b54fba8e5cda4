package org.postrider.benchmark;

import java.io.IOException;
import java.time.Duration;

/** One thing that is measured, the same way on every server. */
interface Scenario {

  /** What is done, in a few words, for the tables: unique among the scenarios of a run. */
  String name();

  /** What one operation is, in the plural: {@code sign-ins}. */
  String unit();

  /** Does it over and over for a time, on a server that nobody else uses meanwhile. */
  Sample run(RunningServer server, Duration time) throws IOException, InterruptedException;
}
