package org.postrider.mail;

import org.postrider.protocol.Rights;

/**
 * What can be granted to somebody.
 *
 * @param always granted in any case
 * @param optional each for itself
 * @rfc 4314 3.7
 */
public record GrantableRights(Rights always, Rights optional) {}
