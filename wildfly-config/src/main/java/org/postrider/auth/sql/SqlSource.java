package org.postrider.auth.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postrider.auth.CourierRc;

/**
 * Where the connections of a settings file come from.
 *
 * <pre>
 * DATASOURCE      a datasource by its JNDI name; {@value #DEFAULT_DATASOURCE} if there is one
 * URL             else a JDBC URL, with USERNAME and PASSWORD
 * SERVER PORT SOCKET DATABASE USERNAME PASSWORD SSL_CACERT      else (MySQL) the URL made of these
 * CONNECTION DATABASE      (PostgreSQL) or of these: host= port= user= password= dbname= sslmode= ...
 * DATABASE        (SQLite) or of the file's name
 * </pre>
 *
 * @param datasource the JNDI name
 * @param isNamed whether the file has it
 * @param urls for a driver, the first that one knows; empty if the file says too little
 * @param properties for the driver: user, password, time limits
 * @param missing what the file lacks, if there are no URLs
 */
record SqlSource(
    String datasource,
    boolean isNamed,
    List<String> urls,
    Map<String, String> properties,
    String missing) {

  /** What is looked up where the file names no datasource. */
  static final String DEFAULT_DATASOURCE = "java:jboss/datasources/postrider";

  private static final int CONNECT_SECONDS = 5;
  private static final int READ_SECONDS = 15;

  /** What libpq's words are to PostgreSQL's driver; those that are the same to it as well. */
  private static final List<String> PASSED_ON =
      List.of("sslmode", "sslrootcert", "sslcert", "sslkey", "options");

  SqlSource {
    urls = List.copyOf(urls);
    properties = Map.copyOf(properties);
  }

  /** No properties: one is a password. */
  @Override
  public String toString() {
    return "SqlSource[" + datasource + "]";
  }

  /** The properties as a driver takes them. */
  Properties driverProperties() {
    Properties all = new Properties();
    all.putAll(properties);
    return all;
  }

  static SqlSource of(Dialect dialect, CourierRc rc) throws IOException {
    Optional<String> named = rc.value(dialect.key("DATASOURCE"));
    if (named.isPresent() && !named.get().startsWith("java:")) {
      throw new IOException(
          dialect.key("DATASOURCE")
              + " is no name that begins with java:, such as "
              + DEFAULT_DATASOURCE);
    }
    Map<String, String> properties = new HashMap<>();
    rc.value(dialect.key("USERNAME")).ifPresent(user -> properties.put("user", user));
    rc.value(dialect.key("PASSWORD")).ifPresent(text -> properties.put("password", text));
    Optional<String> url = rc.value(dialect.key("URL"));
    List<String> urls = new ArrayList<>();
    String missing = "";
    if (url.isPresent()) {
      urls.add(url.get());
    } else {
      missing =
          switch (dialect) {
            case MYSQL -> mysql(rc, urls, properties);
            case PGSQL -> pgsql(rc, urls, properties);
            case SQLITE -> sqlite(rc, urls);
          };
    }
    return new SqlSource(
        named.orElse(DEFAULT_DATASOURCE), named.isPresent(), urls, properties, missing);
  }

  private static String mysql(CourierRc rc, List<String> urls, Map<String, String> properties)
      throws IOException {
    Optional<String> database = rc.value("MYSQL_DATABASE");
    if (database.isEmpty()) {
      return "MYSQL_DATABASE is not set";
    }
    if (rc.value("MYSQL_SSL_CERT").isPresent() || rc.value("MYSQL_SSL_KEY").isPresent()) {
      return "MYSQL_SSL_CERT and MYSQL_SSL_KEY, a certificate of the client, need MYSQL_DATASOURCE"
          + " or MYSQL_URL";
    }
    int port = rc.number("MYSQL_PORT", 0, 0, 65_535);
    String place =
        "://"
            + rc.value("MYSQL_SERVER", "localhost")
            + ":"
            + (port == 0 ? 3306 : port)
            + "/"
            + encoded(database.get());
    urls.add("jdbc:mariadb" + place);
    rc.value("MYSQL_SOCKET").ifPresent(socket -> properties.put("localSocket", socket));
    if (rc.value("MYSQL_SOCKET").isEmpty()) {
      urls.add("jdbc:mysql" + place); // that driver knows no sockets of files
    }
    Optional<String> authority = rc.value("MYSQL_SSL_CACERT");
    if (authority.isPresent()) {
      properties.put("sslMode", "verify-ca");
      properties.put("serverSslCert", authority.get());
    }
    properties.put("connectTimeout", String.valueOf(CONNECT_SECONDS * 1000));
    properties.put("socketTimeout", String.valueOf(READ_SECONDS * 1000));
    return "";
  }

  private static String pgsql(CourierRc rc, List<String> urls, Map<String, String> properties)
      throws IOException {
    Map<String, String> words = words(rc.value("PGSQL_CONNECTION", ""));
    String host = words.getOrDefault("hostaddr", words.getOrDefault("host", "localhost"));
    Optional<String> database =
        rc.value("PGSQL_DATABASE").or(() -> Optional.ofNullable(words.get("dbname")));
    if (database.isEmpty()) {
      return "PGSQL_DATABASE is not set";
    }
    if (host.startsWith("/")) {
      return "PGSQL_CONNECTION names a socket file, which Java's driver cannot use: name a host";
    }
    urls.add(
        "jdbc:postgresql://"
            + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
            + ":"
            + words.getOrDefault("port", "5432")
            + "/"
            + encoded(database.get()));
    for (String word : PASSED_ON) {
      Optional.ofNullable(words.get(word)).ifPresent(value -> properties.put(word, value));
    }
    Optional.ofNullable(words.get("user")).ifPresent(user -> properties.put("user", user));
    Optional.ofNullable(words.get("password")).ifPresent(text -> properties.put("password", text));
    properties.put(
        "connectTimeout", words.getOrDefault("connect_timeout", String.valueOf(CONNECT_SECONDS)));
    properties.put("socketTimeout", String.valueOf(READ_SECONDS));
    return "";
  }

  private static String sqlite(CourierRc rc, List<String> urls) {
    Optional<String> database = rc.value("SQLITE_DATABASE");
    database.ifPresent(file -> urls.add("jdbc:sqlite:" + file));
    return database.isPresent() ? "" : "SQLITE_DATABASE is not set";
  }

  /**
   * libpq's {@code word = value}, blanks between them; {@code 'a b'} with {@code \} before quotes.
   */
  static Map<String, String> words(String text) throws IOException {
    Map<String, String> words = new HashMap<>();
    int at = 0;
    while (true) {
      at = skipBlanks(text, at);
      if (at == text.length()) {
        return words;
      }
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        throw new IOException("PGSQL_CONNECTION has a word without =");
      }
      String word = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      at = skipBlanks(text, equals + 1);
      StringBuilder value = new StringBuilder();
      boolean quoted = at < text.length() && text.charAt(at) == '\'';
      at += quoted ? 1 : 0;
      while (at < text.length()
          && (quoted ? text.charAt(at) != '\'' : !Character.isWhitespace(text.charAt(at)))) {
        at += text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
        value.append(text.charAt(at++));
      }
      if (quoted && at == text.length()) {
        throw new IOException("PGSQL_CONNECTION has a quote that does not end");
      }
      at += quoted ? 1 : 0;
      words.put(word, value.toString());
    }
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, UTF_8);
  }
}
