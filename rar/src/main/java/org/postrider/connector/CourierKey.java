package org.postrider.connector;

/**
 * A key of Courier's files {@code imapd} and {@code imapd-ssl}, and what becomes of it here.
 *
 * @param name as in the file; {@code AUTHSERVICE} stands for all that begin so and end in a port
 * @param fate whether it does here what it does there
 * @param remark what it does, or why it does nothing; one sentence or two for an administrator
 */
record CourierKey(String name, Fate fate, String remark) {

  /** What becomes of a key. */
  enum Fate {
    /** It does here what it does with Courier. */
    OBEYED("obeyed"),
    /** It does something like it. */
    MAPPED("mapped"),
    /** It is read and changes nothing. */
    ACCEPTED("no effect");

    private final String word;

    Fate(String word) {
      this.word = word;
    }

    /** As the manual has it. */
    String word() {
      return word;
    }
  }

  static CourierKey obeyed(String name, String remark) {
    return new CourierKey(name, Fate.OBEYED, remark);
  }

  static CourierKey mapped(String name, String remark) {
    return new CourierKey(name, Fate.MAPPED, remark);
  }

  static CourierKey accepted(String name, String remark) {
    return new CourierKey(name, Fate.ACCEPTED, remark);
  }

  /** Its row of the manual's table. */
  String row() {
    return "| `" + name + "` | " + fate.word() + " | " + remark + " |";
  }
}
