package org.postrider.auth;

/**
 * What a module knows of an account.
 *
 * @param account who it is and where its mail is
 * @param secrets by what its evidence is checked; {@link Secrets#NONE} where somebody else checks
 */
public record StoredAccount(AccountPrincipal account, Secrets secrets) {}
