package org.postrider.bean;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.postrider.mail.Mail;
import org.postrider.mail.MailCall;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.transcript.Transcript.GivenAccount;

/** The beans without a container, over a data directory with one account. */
public final class PlainMail implements MailListener, AutoCloseable {

  /** The account's name. */
  public static final String USER = "fred";

  /** Its password. */
  public static final String PASSWORD = "swordfish";

  private static final String HASH = "$1$abcdefgh$yyGbRQZVDnToZkGA5MzNJ1";

  private final MailStore store;
  private final Mail mail;

  /**
   * @param home an existing directory
   */
  public PlainMail(Path home) throws IOException {
    this(home, GivenAccount.PLAIN);
  }

  /**
   * @param account what its record says
   */
  public PlainMail(Path home, GivenAccount account) throws IOException {
    writeUserdb(home, account);
    store = new MailStore(home);
    mail =
        new Mail(
            new AccountsBean(store),
            new MailboxesBean(store),
            new MessagesBean(store),
            new QuotasBean(store),
            new AccessControlBean(store));
  }

  private static void writeUserdb(Path home, GivenAccount account) throws IOException {
    Path userdb = home.resolve("etc/userdb");
    if (Files.exists(userdb)) {
      return;
    }
    Files.createDirectories(userdb.getParent());
    Files.createDirectories(home.resolve("mail"));
    Files.write(home.resolve("etc/imapd"), account.settings());
    Files.createFile(
        userdb, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        userdb,
        USER
            + "\tuid="
            + Files.getAttribute(home, "unix:uid")
            + "|gid="
            + Files.getAttribute(home, "unix:gid")
            + "|home="
            + home.resolve("mail").resolve(USER)
            + "|systempw="
            + HASH
            + (account.quota().isEmpty() ? "" : "|quota=" + account.quota())
            + (account.options().isEmpty() ? "" : "|options=" + account.options())
            + "\n");
  }

  /** The account's Maildir, which is made at the first sign-in. */
  public static Path maildir(Path home) {
    return home.resolve("mail").resolve(USER).resolve("Maildir");
  }

  MailStore store() {
    return store;
  }

  @Override
  public <R> R call(MailCall<R> call) throws MailException {
    return call.run(mail);
  }

  @Override
  public void close() {
    store.stop();
  }
}
