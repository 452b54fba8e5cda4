/**
 * Courier's commands for accounts and passwords: {@code userdb}, {@code makeuserdb}, {@code
 * authtest} and the rest, one class each, with one description each that its help and its manual
 * page are made of. What they do to files and hashes is in {@code org.postrider.auth}; the
 * operator's {@code postrider.sh} is in the package above.
 */
package org.postrider.tool.auth;
