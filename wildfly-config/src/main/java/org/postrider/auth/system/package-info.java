/**
 * Accounts of the operating system, and what other programs answer for: Courier's authpwd,
 * authshadow, authpam and authpipe. The C library and PAM are called through the foreign-function
 * interface, on threads of their own; Linux only.
 *
 * <p>SQL and vpopmail are not here.
 */
package org.postrider.auth.system;
