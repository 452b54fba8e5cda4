package org.postrider.protocol;

/**
 * What a quota may limit.
 *
 * @rfc 9208 5
 */
public enum QuotaResource {
  /** In units of 1,024 octets. */
  STORAGE,
  /** In messages. */
  MESSAGE
}
