/**
 * Who may sign in: Courier's userdb and its chain of modules as JAAS login modules, the
 * administrators of the console, and the slowing down of those who guess.
 *
 * <p>Every way to sign in ends in one value, {@link org.postrider.auth.AccountPrincipal}. The
 * package stands alone, so that it can be a module of the application server that Elytron, the EAR
 * and any other application load once: it imports {@code java.*}, {@code javax.security.auth},
 * commons-codec and Bouncy Castle, and no other package of Postrider. What an account does once it
 * is in, and how a sign-in is spelled on the wire, is not here.
 */
package org.postrider.auth;
