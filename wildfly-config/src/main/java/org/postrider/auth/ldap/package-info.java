/**
 * Courier's authldap: accounts in a directory that is asked by LDAP (RFC 4511).
 *
 * <p>{@link org.postrider.auth.ldap.LdapLoginModule} is the module of the chain, {@code
 * LdapSettings} is {@code authldaprc}, {@code LdapDirectory} asks the questions and {@code
 * LdapConnections} bounds what they may cost. Nothing here has a thread of its own. It is the only
 * package that knows the LDAP library, which is loaded when the module is first used.
 */
package org.postrider.auth.ldap;
