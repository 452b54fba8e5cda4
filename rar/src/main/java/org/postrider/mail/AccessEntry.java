package org.postrider.mail;

import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Rights;

/**
 * One entry of an access list.
 *
 * @param rights granted, or taken away where the identifier is negative
 */
public record AccessEntry(AccessIdentifier identifier, Rights rights) {}
