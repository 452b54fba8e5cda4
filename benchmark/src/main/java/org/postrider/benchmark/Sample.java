package org.postrider.benchmark;

import java.util.Arrays;

/**
 * What one measurement found.
 *
 * @param seconds how long it took
 * @param nanos of each operation that succeeded within that time, ascending
 * @param errors operations that failed
 * @param firstError what the first of them said; empty if there was none
 */
@SuppressWarnings("ArrayRecordComponent") // as many as there were operations
record Sample(double seconds, long[] nanos, long errors, String firstError) {

  double perSecond() {
    return nanos.length / seconds;
  }

  /**
   * The time within which a part of the operations ended, in milliseconds.
   *
   * @param part 0 to 1
   */
  double millis(double part) {
    return nanos.length == 0
        ? Double.NaN
        : nanos[(int) Math.min(nanos.length - 1, Math.round(part * nanos.length))] / 1e6;
  }

  /** The value in the middle; for an even number of values the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
