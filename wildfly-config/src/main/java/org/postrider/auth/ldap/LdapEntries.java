package org.postrider.auth.ldap;

import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import java.io.Serial;
import java.util.function.Consumer;
import org.postrider.auth.StoredAccount;

/**
 * Takes the entries of a search as they come, so that the accounts of a large directory are never
 * in memory together. An exception of the receiver ends the handing over and is kept: the library
 * is in the middle of an answer.
 */
final class LdapEntries implements SearchResultListener {

  @Serial private static final long serialVersionUID = 1L;

  private final transient LdapEntryReader reader;
  private final transient Consumer<StoredAccount> action;
  private final transient Runnable progress;
  private transient RuntimeException thrown;
  private int count;

  /**
   * Nothing has come yet.
   *
   * @param progress runs after each entry
   */
  LdapEntries(LdapEntryReader reader, Consumer<StoredAccount> action, Runnable progress) {
    this.reader = reader;
    this.action = action;
    this.progress = progress;
  }

  @Override
  public void searchEntryReturned(SearchResultEntry entry) {
    count++;
    if (thrown == null) {
      try {
        reader.listed(entry).forEach(action);
      } catch (RuntimeException failed) {
        thrown = failed;
      }
    }
    progress.run();
  }

  /** Another server's entries are not asked for. */
  @Override
  public void searchReferenceReturned(SearchResultReference reference) {}

  int count() {
    return count;
  }

  /** Throws what the receiver threw, if it did. */
  void rethrow() {
    if (thrown != null) {
      throw thrown;
    }
  }
}
