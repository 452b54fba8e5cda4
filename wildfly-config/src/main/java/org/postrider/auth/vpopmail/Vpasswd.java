package org.postrider.auth.vpopmail;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.system.PasswdFile;

/**
 * A line of vpopmail's {@code vpasswd}: {@code name:hash:uid:flags:gecos:directory:quota[:clear]},
 * where the uid is none and the flags say what is switched off.
 *
 * @param name without the domain
 * @param hash the password's
 * @param flags 2: no POP3; 4: no webmail; 8: no IMAP
 * @param gecos the full name
 * @param directory the home, absolute
 * @param quota {@code NOQUOTA}, octets, {@code 10M}, or a Maildir's: {@code 1000S,10C}
 * @param clear the password, if vpopmail keeps it
 */
record Vpasswd(
    String name,
    String hash,
    long flags,
    String gecos,
    String directory,
    String quota,
    Optional<String> clear) {

  private static final int NO_POP = 0x02;
  private static final int NO_WEBMAIL = 0x04;
  private static final int NO_IMAP = 0x08;

  private static final int COLUMNS_MIN = 6;

  /** Says nothing of passwords. */
  @Override
  public String toString() {
    return "Vpasswd[" + name + "]";
  }

  /** Reads a line; empty if it is none. */
  static Optional<Vpasswd> parse(String line) {
    String[] column = line.split(":", -1);
    if (column.length < COLUMNS_MIN || column[0].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Vpasswd(
            column[0],
            column[1],
            Math.max(PasswdFile.number(column[3]), 0),
            column[4],
            column[5],
            column.length > 6 ? column[6] : "",
            Optional.ofNullable(column.length > 7 ? column[7] : null)
                .filter(clear -> !clear.isEmpty())));
  }

  /**
   * The account.
   *
   * @param address with the domain
   * @return empty if the directory is no absolute path
   */
  Optional<StoredAccount> account(String address, Owner owner) {
    if (!directory.startsWith("/")) {
      return Optional.empty();
    }
    return AccountPrincipal.of(
            Path.of("/"),
            address,
            gecos,
            directory,
            "",
            owner.uid(),
            owner.gid(),
            maildirQuota(),
            options())
        .map(
            account ->
                new StoredAccount(
                    account,
                    new Secrets(
                        Optional.of(hash).filter(text -> PasswordHash.defect(text).isEmpty()),
                        clear,
                        Map.of())));
  }

  private String options() {
    StringBuilder options = new StringBuilder();
    options.append((flags & NO_IMAP) != 0 ? "disableimap=1," : "");
    options.append((flags & NO_POP) != 0 ? "disablepop3=1," : "");
    options.append((flags & NO_WEBMAIL) != 0 ? "disablewebmail=1," : "");
    return options.toString();
  }

  /** As Courier writes quotas; empty if it is none. */
  String maildirQuota() {
    if (quota.matches("[0-9]{1,15}")) {
      return quota + "S";
    }
    if (quota.matches("[0-9]{1,9}[kKmM]")) {
      long number = Long.parseLong(quota.substring(0, quota.length() - 1));
      boolean isMega = Character.toLowerCase(quota.charAt(quota.length() - 1)) == 'm';
      return number * (isMega ? 1 << 20 : 1 << 10) + "S";
    }
    return quota.matches("[0-9]{1,15}[SC](,[0-9]{1,15}[SC])*") ? quota : "";
  }

  /**
   * Whom the files belong to.
   *
   * @param uid decimal
   * @param gid decimal
   */
  record Owner(String uid, String gid) {}
}
