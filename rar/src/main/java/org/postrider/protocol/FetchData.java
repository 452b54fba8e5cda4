package org.postrider.protocol;

import java.time.OffsetDateTime;

/**
 * One answer about one message, as it stands in a FETCH response.
 *
 * @rfc 3501 7.4.2
 */
public sealed interface FetchData {

  record UidData(long uid) implements FetchData {}

  record FlagsData(Flags flags) implements FetchData {}

  record InternalDateData(OffsetDateTime date) implements FetchData {}

  /**
   * @param octets size on the wire, every line ending in CRLF
   */
  record SizeData(long octets) implements FetchData {}

  record EnvelopeData(Envelope envelope) implements FetchData {}

  /**
   * @param extended true for BODYSTRUCTURE, false for BODY
   */
  record StructureData(BodyStructure structure, boolean extended) implements FetchData {}

  /**
   * @param item as it was asked for
   * @param literal the octets; empty where the section does not exist or the piece begins behind
   *     its end
   */
  record BodyData(FetchItem.Body item, Literal literal) implements FetchData {}
}
