package org.postrider.auth;

import java.util.Optional;
import java.util.function.Consumer;

/** One state of a userdb, in its text form or its compiled form. Any thread may use it. */
interface UserdbSource {

  /** The longest name that is looked for. */
  int NAME_MAX_OCTETS = 1024;

  /** The record of a name, compared octet by octet. */
  Optional<UserdbRecord> find(String name) throws TemporaryFailureException;

  /** Hands over every record, one at a time. */
  void forEach(Consumer<UserdbRecord> action) throws TemporaryFailureException;

  /** How many records {@link #forEach} hands over. */
  int size() throws TemporaryFailureException;

  /**
   * A password hash as most accounts have it, so that a name that does not exist costs as much as
   * one that does; never one that nothing is known to fit.
   */
  String typicalHash() throws TemporaryFailureException;
}
