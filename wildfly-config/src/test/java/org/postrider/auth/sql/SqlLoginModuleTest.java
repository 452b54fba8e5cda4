package org.postrider.auth.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.Evidence;
import org.postrider.auth.Secrets;
import org.postrider.auth.SignInRequest;
import org.postrider.auth.SiteDirectory;
import org.postrider.auth.StoredAccount;
import org.sqlite.SQLiteDataSource;

/** With a real SQLite, and Courier's suggested table. */
class SqlLoginModuleTest {

  static final String SECRET = "$1$saltsalt$9xy1btjgzLYfb7hivXtC//";
  static final String MARKER = "##NAME: MARKER:0\n";
  static final String TABLE =
      "CREATE TABLE passwd (id varchar(128) not null primary key, crypt varchar(200), clear"
          + " varchar(200), name varchar(128), uid integer, gid integer, home varchar(255) not"
          + " null, maildir varchar(255), defaultdelivery varchar(255), quota varchar(64), options"
          + " varchar(255))";

  private static final String FIELDS =
      """
      SQLITE_USER_TABLE passwd
      SQLITE_CRYPT_PWFIELD crypt
      SQLITE_CLEAR_PWFIELD clear
      SQLITE_NAME_FIELD name
      SQLITE_MAILDIR_FIELD maildir
      SQLITE_QUOTA_FIELD quota
      SQLITE_AUXOPTIONS_FIELD options
      """;

  @TempDir Path home;

  private SiteDirectory site;

  @BeforeEach
  void makeDatabase() throws Exception {
    site = new SiteDirectory(home);
    site.modules("authsqlite");
    sql(TABLE);
    sql(
        "INSERT INTO passwd VALUES ('ann@example.com', '"
            + SECRET
            + "', NULL, 'Ann Example,room 5', 5001, 5002, '/srv/ann', NULL, NULL, '1000S',"
            + " 'disableimap=0,group=staff')");
    sql(
        "INSERT INTO passwd VALUES ('bob@example.com', NULL, 'Grüße', NULL, 5003, 5003,"
            + " '/srv/bob', 'mail', '/srv/bob/delivery', '', '')");
    sql("INSERT INTO passwd VALUES ('none', NULL, NULL, '', 1, 1, '/srv/none', '', '', '', '')");
    sql("INSERT INTO passwd VALUES ('nohome', NULL, 'x', '', NULL, 1, '/srv', '', '', '', '')");
    settings(FIELDS);
  }

  private String database() {
    return home.resolve("users.db").toString();
  }

  private void settings(String lines) throws Exception {
    site.write("authsqliterc", "SQLITE_DATABASE " + database() + "\n" + lines + MARKER);
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement made = connection.createStatement()) {
      made.execute(statement);
    }
  }

  private String value(String query) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement made = connection.createStatement();
        ResultSet result = made.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  @Test
  void signsInByHashAndByClearPassword() throws Exception {
    AccountPrincipal ann = site.signIn("ann@example.com", "secret");
    assertThat(ann.name()).isEqualTo("ann@example.com");
    assertThat(ann.fullName()).isEqualTo("Ann Example");
    assertThat(ann.uid()).isEqualTo(5001);
    assertThat(ann.gid()).isEqualTo(5002);
    assertThat(ann.maildir()).isEqualTo(Path.of("/srv/ann/Maildir"));
    assertThat(ann.quota()).isEqualTo("1000S");
    assertThat(ann.options().groups()).containsExactly("staff");
    assertThat(site.signIn("bob@example.com", "Grüße").maildir())
        .isEqualTo(Path.of("/srv/bob/mail"));
    assertThat(site.rejects("ann@example.com", "wrong")).isTrue();
    assertThat(site.rejects("bob@example.com", "Gruesse")).isTrue();
    assertThat(site.rejects("carol@example.com", "secret")).isTrue();
    assertThat(site.rejects("none", "anything")).isTrue();
    assertThat(site.rejects("nohome", "x")).isTrue();
  }

  @Test
  void ofTwoPasswordsTheHashCounts() throws Exception {
    sql("UPDATE passwd SET clear = 'other' WHERE id = 'ann@example.com'");
    assertThat(site.rejects("ann@example.com", "secret")).isFalse();
    assertThat(site.rejects("ann@example.com", "other")).isTrue();
  }

  @Test
  void clearPasswordServesChallengesAndScram() throws Exception {
    assertThat(site.cram("bob@example.com", "Grüße")).isPresent();
    assertThat(site.cram("bob@example.com", "wrong")).isEmpty();
    assertThat(site.cram("ann@example.com", "secret")).isEmpty();
    Optional<StoredAccount> scram =
        site.answer(
            new SignInRequest("imap", "bob@example.com", new Evidence.Scram("SCRAM-SHA-256")));
    assertThat(scram.map(StoredAccount::secrets).flatMap(Secrets::clear)).hasValue("Grüße");
  }

  @Test
  void nameIsNeverPartOfTheStatement() throws Exception {
    assertThat(site.rejects("' OR '1'='1", "secret")).isTrue();
    assertThat(site.rejects("x'; DROP TABLE passwd; --", "secret")).isTrue();
    assertThat(site.rejects("%", "secret")).isTrue();
    assertThat(site.signIn("ann@example.com", "secret")).isNotNull();
  }

  @Test
  void defaultDomainAndWhereClauseCount() throws Exception {
    settings(FIELDS + "DEFAULT_DOMAIN example.com\nSQLITE_WHERE_CLAUSE uid=5001 OR uid=77\n");
    assertThat(site.signIn("ann", "secret").name()).isEqualTo("ann@example.com");
    assertThat(site.rejects("bob", "Grüße")).isTrue();
    assertThat(site.accounts())
        .containsExactly("ann@example.com 5001 5002 /srv/ann /srv/ann/Maildir");
  }

  @Test
  void serviceCourierGetsItsDelivery() throws Exception {
    settings(FIELDS + "SQLITE_DEFAULTDELIVERY defaultdelivery\n");
    assertThat(site.answer(new SignInRequest("courier", "bob@example.com", new Evidence.Vouched())))
        .hasValueSatisfying(
            bob -> assertThat(bob.account().maildir()).isEqualTo(Path.of("/srv/bob/delivery")));
  }

  @Test
  void listsAccounts() throws Exception {
    assertThat(site.accounts())
        .containsExactlyInAnyOrder(
            "ann@example.com 5001 5002 /srv/ann /srv/ann/Maildir",
            "bob@example.com 5003 5003 /srv/bob /srv/bob/mail",
            "none 1 1 /srv/none /srv/none/Maildir");
  }

  @Test
  void changesThePasswordThatIsThereInItsKind() throws Exception {
    String newPassword = "new '$(domain)' password";
    assertThat(change("ann@example.com", "wrong", newPassword)).isFalse();
    assertThat(change("ann@example.com", "secret", newPassword)).isTrue();
    assertThat(site.rejects("ann@example.com", "secret")).isTrue();
    assertThat(site.rejects("ann@example.com", newPassword)).isFalse();
    assertThat(value("SELECT crypt FROM passwd WHERE id = 'ann@example.com'")).startsWith("$1$");
    assertThat(value("SELECT clear FROM passwd WHERE id = 'bob@example.com'")).isEqualTo("Grüße");
    assertThat(change("nobody@example.com", "secret", "new")).isFalse();
  }

  private boolean change(String name, String oldPassword, String newPassword) throws Exception {
    return site.chain()
        .changePassword("imap", name, oldPassword.toCharArray(), newPassword.toCharArray());
  }

  @Test
  void clausesOfAnotherLayoutWork() throws Exception {
    sql("CREATE TABLE popbox (local_part text, domain_name text, pw text, mbox text)");
    sql("INSERT INTO popbox VALUES ('eve', 'example.org', 'secret', 'eve')");
    settings(
        """
        DEFAULT_DOMAIN example.org
        SQLITE_SELECT_CLAUSE SELECT local_part || '@' || domain_name, '', pw, 5, 6, \\
           '/srv/' || mbox, '' FROM popbox WHERE local_part = '$(local_part)' \\
           AND domain_name = '$(domain)' AND '$(service)' = 'imap'
        SQLITE_ENUMERATE_CLAUSE SELECT local_part || '@' || domain_name, 5, 6, '/srv/' || mbox, '' FROM popbox
        SQLITE_CHPASS_CLAUSE UPDATE popbox SET pw='$(newpass)' WHERE local_part='$(local_part)' \\
           AND domain_name='$(domain)'
        """);
    assertThat(site.signIn("eve", "secret").name()).isEqualTo("eve@example.org");
    assertThat(site.signIn("eve@example.org", "secret").home()).isEqualTo(Path.of("/srv/eve"));
    assertThat(site.rejects("eve@example.com", "secret")).isTrue();
    assertThat(site.accounts()).containsExactly("eve@example.org 5 6 /srv/eve /srv/eve/Maildir");
    assertThat(change("eve", "secret", "o'ther")).isTrue();
    assertThat(site.rejects("eve", "o'ther")).isFalse();
  }

  /** Where the server keeps its datasources, as far as a test needs it. */
  public static final class Directory implements InitialContextFactory {

    private static final Map<String, DataSource> BOUND = new ConcurrentHashMap<>();

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
      return new InitialContext(true) {
        @Override
        public Object lookup(String name) throws NamingException {
          if (!BOUND.containsKey(name)) {
            throw new NameNotFoundException(name);
          }
          return BOUND.get(name);
        }
      };
    }
  }

  @Test
  void datasourceOfTheServerComesFirst() throws Exception {
    SQLiteDataSource datasource = new SQLiteDataSource();
    datasource.setUrl("jdbc:sqlite:" + database());
    String before = System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Directory.class.getName());
    try {
      site.write("authsqliterc", FIELDS + MARKER);
      assertThat(site.failure("ann@example.com", "secret"))
          .startsWith("authsqlite has no database: there is no datasource");
      Directory.BOUND.put("java:jboss/datasources/postrider", datasource);
      assertThat(site.signIn("ann@example.com", "secret").uid()).isEqualTo(5001);
      site.write("authsqliterc", "SQLITE_DATASOURCE java:/mail\n" + FIELDS + MARKER);
      assertThat(site.failure("ann@example.com", "secret"))
          .startsWith("There is no datasource java:/mail, which SQLITE_DATASOURCE in authsqliterc");
      Directory.BOUND.put("java:/mail", datasource);
      assertThat(site.signIn("ann@example.com", "secret").uid()).isEqualTo(5001);
    } finally {
      Directory.BOUND.clear();
      if (before == null) {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
      } else {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, before);
      }
    }
  }

  @Test
  void whatIsWrongWithTheSettingsIsSaid() throws Exception {
    settings("SQLITE_USER_TABLE passwd\n");
    assertThat(site.failure("ann@example.com", "secret"))
        .endsWith(
            "authsqliterc cannot be used: neither SQLITE_CRYPT_PWFIELD nor SQLITE_CLEAR_PWFIELD is"
                + " set in it.");
    settings("SQLITE_USER_TABLE passwd\nSQLITE_CRYPT_PWFIELD 'x\n");
    assertThat(site.failure("ann@example.com", "secret"))
        .endsWith("SQLITE_CRYPT_PWFIELD has a quote that does not end: '.");
    settings("SQLITE_DATASOURCE ldap://example.com/x\n" + FIELDS);
    assertThat(site.failure("ann@example.com", "secret"))
        .contains("SQLITE_DATASOURCE is no name that begins with java:");
    settings(FIELDS.replace("passwd\n", "nosuchtable\n"));
    assertThat(site.failure("ann@example.com", "secret"))
        .startsWith("authsqlite: the database does not answer as it should: ")
        .contains("nosuchtable");
  }

  @Test
  void moduleThatWasNeverSetUpIsSkippedAndOneThatWasIsNot() throws Exception {
    site.modules("authpgsql authsqlite");
    assertThat(site.signIn("ann@example.com", "secret").uid()).isEqualTo(5001);
    Files.delete(home.resolve("etc/authsqliterc"));
    assertThat(site.failure("ann@example.com", "secret"))
        .contains("authsqliterc is no longer there, which authsqlite needs");
  }

  @Test
  void passwordWithoutAHashBeforeGetsAStrongOne() throws Exception {
    assertThat(change("bob@example.com", "Grüße", "neu")).isTrue();
    assertThat(value("SELECT crypt FROM passwd WHERE id = 'bob@example.com'")).startsWith("$6$");
    assertThat(value("SELECT clear FROM passwd WHERE id = 'bob@example.com'")).isEqualTo("neu");
    assertThat(site.rejects("bob@example.com", "neu")).isFalse();
  }

  @Test
  void missingDriverIsSaid() throws Exception {
    site.modules("authmysql");
    site.write(
        "authmysqlrc",
        "MYSQL_SERVER db\nMYSQL_USERNAME u\nMYSQL_PASSWORD p4ssw0rd\nMYSQL_DATABASE mail\n"
            + "MYSQL_USER_TABLE passwd\nMYSQL_CRYPT_PWFIELD crypt\n"
            + MARKER);
    assertThat(site.failure("ann@example.com", "secret"))
        .startsWith("authmysql has no JDBC driver for jdbc:mariadb: Put its jar into ")
        .doesNotContain("p4ssw0rd");
  }
}
