package org.postrider.bean;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.postrider.auth.AuthChain;
import org.postrider.auth.SignInThrottle;
import org.postrider.auth.sasl.SaslMechanisms;
import org.postrider.connector.CourierSettings;
import org.postrider.mail.Account;
import org.postrider.maildir.Ageing;
import org.postrider.maildir.Folders;
import org.postrider.maildir.LocalWatch;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.Owner;
import org.postrider.maildir.QuotaWarning;
import org.postrider.maildir.ServerUser;
import org.postrider.maildir.SyncPolicy;
import org.postrider.maildir.TrashRules;
import org.postrider.maildir.Watch;
import org.postrider.outbox.Outbox;

/**
 * What all beans share: the folders in memory, those who wait for changes, parsed messages, the
 * sign-in modules. Made when the application starts; ended, with its thread and all watches, when
 * it stops.
 *
 * <p>All methods that beans call are public: the container refuses calls of others.
 *
 * <p>Everything it hands out is safe for threads; the container's locks would only serialise the
 * sessions.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@PermitAll
public class MailStore {

  private static final String PROPERTY = "postrider.home";
  private static final String VARIABLE = "POSTRIDER_HOME";

  /** Where an account's mail is below its home, if neither its record nor a setting says it. */
  private static final String MAILDIR = "Maildir";

  private static final String WARNING_LEVEL = "imap.quota-warning-percent";
  private static final String SYNC = "imap.sync";

  private Path home;
  private Folders folders;
  private Watch watch;
  private Ageing ageing;
  private boolean marksAll;
  private String maildirPath = MAILDIR;
  private Structures structures;
  private HeaderTables headers;
  private AuthChain chain;
  private SaslMechanisms mechanisms;
  private SignInThrottle throttle;
  private AccountHome accountHome;
  private Outbox outbox;
  private SharedAccounts shared;

  /** For the container, which calls {@link #start}. */
  public MailStore() {}

  /** Without a container; to be ended with {@link #stop}. */
  MailStore(Path home) {
    start(home);
  }

  /**
   * @throws IllegalStateException where no data directory is set
   */
  @PostConstruct
  void start() {
    String set = System.getProperty(PROPERTY, "");
    String variable = System.getenv(VARIABLE);
    String directory = set.isBlank() && variable != null ? variable : set;
    if (directory.isBlank()) {
      throw new IllegalStateException(
          "No data directory is set: start the server with -D"
              + PROPERTY
              + "=DIRECTORY or with the environment variable "
              + VARIABLE
              + ".");
    }
    start(Path.of(directory));
  }

  private void start(Path directory) {
    home = directory.toAbsolutePath().normalize();
    CourierSettings courier = courier(home);
    folders = new Folders(quotaWarning(home), trashRules(courier), syncPolicy());
    marksAll = courier.flag("IMAP_CHECK_ALL_FOLDERS").orElse(false);
    maildirPath = courier.get("MAILDIRPATH").orElse(MAILDIR);
    watch = new LocalWatch();
    ageing = new Ageing(watch::tell);
    structures = new Structures();
    headers = new HeaderTables();
    chain = new AuthChain(home);
    mechanisms = new SaslMechanisms(home, chain);
    throttle = new SignInThrottle();
    accountHome = new AccountHome(home, ServerUser.current());
    outbox = Outbox.of(courier(home), System::getProperty);
    shared = SharedAccounts.of(CourierSettings.directory(home), courier(home), folders);
  }

  /**
   * @throws IllegalArgumentException where the level is none, with a sentence for the administrator
   */
  private static QuotaWarning quotaWarning(Path home) {
    String level = System.getProperty(WARNING_LEVEL, "90").strip();
    try {
      return new QuotaWarning(
          Integer.parseInt(level), CourierSettings.directory(home).resolve("quotawarnmsg"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          WARNING_LEVEL
              + " is "
              + level
              + "; it is a number from 1 to 100, in per cent of a quota, or 0 for no warning.",
          e);
    }
  }

  /**
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  private static TrashRules trashRules(CourierSettings settings) {
    return TrashRules.parse(
        settings.get("IMAP_TRASHFOLDERNAME").orElse("Trash"),
        settings.flag("IMAP_MOVE_EXPUNGE_TO_TRASH").orElse(false),
        settings.get("IMAP_LOG_DELETIONS").filter(value -> !value.startsWith("0")).isPresent(),
        settings.get("IMAP_EMPTYTRASH").orElse(""));
  }

  /**
   * @throws IllegalArgumentException where the setting is none, with a sentence for the
   *     administrator
   */
  private static SyncPolicy syncPolicy() {
    return SyncPolicy.parse(System.getProperty(SYNC, "full").strip());
  }

  private static CourierSettings courier(Path home) {
    Path etc = CourierSettings.directory(home);
    try {
      return CourierSettings.read(etc.resolve("imapd"), etc.resolve("imapd-ssl"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Courier's settings in " + etc + " can't be read: " + e.getMessage(), e);
    }
  }

  @PreDestroy
  void stop() {
    ageing.close();
    watch.close();
    mechanisms.close();
    chain.close();
  }

  /** The data directory, absolute. */
  public Path home() {
    return home;
  }

  /** The mail of an account that signed in. */
  public Maildir maildir(Account account) {
    return new Maildir(folders, account.maildir(), new Owner(account.uid(), account.gid()));
  }

  /** Whose mailboxes an account may reach beside its own. */
  public SharedAccounts shared() {
    return shared;
  }

  /** The file that lists the sharable Maildirs that every account sees. */
  public Path sharedMaildirs() {
    return CourierSettings.directory(home).resolve("maildirshared");
  }

  /** Prepares homes and Maildirs. */
  public AccountHome accountHome() {
    return accountHome;
  }

  /** Sends what is put into it. */
  public Outbox outbox() {
    return outbox;
  }

  public Watch watch() {
    return watch;
  }

  /** True where every mailbox of a list is told to have unseen messages or none. */
  public boolean marksAll() {
    return marksAll;
  }

  /**
   * Where the mail of an account is. With {@code MAILDIRPATH} those whose record names none have it
   * there; a record that names {@code Maildir} itself counts as one that names none.
   *
   * @param home of the account
   * @param maildir as its record has it
   */
  public Path maildir(Path home, Path maildir) {
    return maildir.equals(home.resolve(MAILDIR)) ? home.resolve(maildirPath) : maildir;
  }

  /** Removes messages that were in Trash for long enough. */
  public Ageing ageing() {
    return ageing;
  }

  public Structures structures() {
    return structures;
  }

  public HeaderTables headers() {
    return headers;
  }

  public SaslMechanisms mechanisms() {
    return mechanisms;
  }

  public SignInThrottle throttle() {
    return throttle;
  }
}
