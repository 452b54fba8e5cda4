package org.postrider.auth.ldap;

import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * Courier's authldap: signs in the accounts of a directory, with the settings of {@code
 * etc/authldaprc}, and adds an {@link AccountPrincipal} to the subject. Its name and its address
 * are the name that was typed.
 *
 * <p>With {@code LDAP_AUTHBIND} the directory checks passwords, by binding as the entry that the
 * name found; there are no challenges then, nor SCRAM. Otherwise the entry's clear password counts
 * if it has one, and serves those as well, or else its hash.
 *
 * <p>{@link FailedLoginException}: not exactly one entry of that name, or the wrong password.
 * {@link TemporaryFailureException}: the directory or its settings cannot be used, or the entry has
 * no home or no uid or gid, or has 0 for one. A sign-in takes three times {@code LDAP_TIMEOUT} at
 * the most. Where there is no {@code authldaprc}, nobody is known, and the log says so once.
 */
public final class LdapLoginModule extends AccountLoginModule {

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public LdapLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    return directory().isSetUp()
        ? accounts().find(name).map(LdapAccounts.Found::account)
        : Optional.empty();
  }

  @Override
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    if (!directory().isSetUp() || !accounts().bindsAsUser()) {
      return super.signIn(name, password);
    }
    LdapAccounts accounts = accounts();
    LdapAccounts.Found found = accounts.find(name).orElseThrow(AccountLoginModule::refused);
    if (!accounts.isPassword(found, password)) {
      throw refused();
    }
    return found.account().account();
  }

  /** Where the directory shows clear passwords. */
  @Override
  protected boolean serves(String mechanism) throws TemporaryFailureException {
    return directory().showsPasswords();
  }

  @Override
  protected boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    return directory().isSetUp() && accounts().changePassword(name, oldPassword, newPassword);
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    if (directory().isSetUp()) {
      accounts().forEach(action);
    }
  }

  /** For one question: what it may take begins to count here. */
  private LdapAccounts accounts() throws TemporaryFailureException {
    return new LdapAccounts(directory().connections(), home(), service());
  }

  private LdapDirectory directory() throws TemporaryFailureException {
    return LdapDirectory.of(home());
  }
}
