package org.postrider.protocol;

/**
 * How much of a limited resource is used.
 *
 * @param usage 0 to 2^63-1, in units of the resource
 * @param limit likewise; usage may be above it
 * @rfc 9208 4.2.1
 */
public record QuotaUsage(QuotaResource resource, long usage, long limit) {
  public QuotaUsage {
    if (usage < 0 || limit < 0) {
      throw new IllegalArgumentException("usage and limit are not below zero");
    }
  }
}
