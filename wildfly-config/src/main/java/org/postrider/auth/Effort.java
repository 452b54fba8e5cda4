package org.postrider.auth;

/**
 * The work that one sign-in has cost by the modules of a chain, so that a name that none of them
 * knows costs as much as one that is known: one hash, and not one for each module. Used by one
 * thread.
 */
final class Effort {

  private boolean spent;
  private String owed;

  /** A password was checked against what an account has. */
  void spend() {
    spent = true;
  }

  /**
   * A module did not know the name.
   *
   * @param typicalHash what most of its accounts have
   */
  void owe(String typicalHash) {
    owed = typicalHash;
  }

  /**
   * Checks the password against what is owed, if nothing was checked. It lets nobody in, whatever
   * comes out.
   *
   * @return whether there was anything to do
   */
  boolean settle(char[] password) {
    boolean due = !spent && owed != null;
    if (due) {
      PasswordHash.verify(owed, password);
    }
    return due;
  }
}
