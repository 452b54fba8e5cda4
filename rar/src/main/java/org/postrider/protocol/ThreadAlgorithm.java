package org.postrider.protocol;

/**
 * How messages are put into threads.
 *
 * @rfc 5256 3 ({@code THREAD}); REFS is of draft-ietf-morg-inthread, section 4
 */
public enum ThreadAlgorithm {
  /** Those of the same base subject; the first is the parent of all others. */
  ORDEREDSUBJECT,
  /** By the references of each to others; threads of the same base subject are one. */
  REFERENCES,
  /** By references alone; threads are in the order of their latest arrivals. */
  REFS
}
