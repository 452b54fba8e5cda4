package org.postrider.mail;

/** What STORE does with the flags it names. */
public enum StoreMode {
  REPLACE,
  ADD,
  REMOVE
}
