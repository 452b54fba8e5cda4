package org.postrider.auth;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One record of a userdb: a name and its fields. {@link Userdb} describes the text form.
 *
 * @param name the account name, exactly as written
 * @param fields each field with its value, in the order written; of a field that comes twice the
 *     first counts, as in Courier; a field without {@code =} has the empty value
 */
public record UserdbRecord(String name, Map<String, String> fields) {

  private static final List<String> CONTEXTS =
      List.of("hmac-md5", "hmac-sha1", "hmac-sha256", "scram-sha-1", "scram-sha-256");

  private static final long ID_MAX = 0xFFFF_FFFFL;

  /** Copies what it is given. */
  public UserdbRecord {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /**
   * Reads the part after the TAB.
   *
   * @param name the part before the TAB
   * @param text fields with {@code |} between them; empty fields are dropped, and so is a {@code
   *     imappw} without {@code =}, which Courier takes for no password either
   */
  static UserdbRecord parse(String name, String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    int start = 0;
    while (start <= text.length()) {
      int bar = text.indexOf('|', start);
      int end = bar < 0 ? text.length() : bar;
      int equals = text.indexOf('=', start);
      if (equals < 0 || equals >= end) {
        String field = text.substring(start, end);
        if (!field.endsWith("pw")) {
          fields.putIfAbsent(field, "");
        }
      } else {
        fields.putIfAbsent(text.substring(start, equals), text.substring(equals + 1, end));
      }
      start = end + 1;
    }
    fields.remove("");
    return new UserdbRecord(name, fields);
  }

  /** The value of a field; empty if the record does not have it. */
  public Optional<String> field(String field) {
    return Optional.ofNullable(fields.get(field));
  }

  /**
   * The stored password for a service: {@code <service>pw} if the record has it, and only otherwise
   * {@code systempw}.
   *
   * @param service Courier's service name, such as {@code imap}
   */
  public Optional<String> password(String service) {
    return field(service + "pw").or(() -> field("systempw"));
  }

  /**
   * The stored secrets of challenge mechanisms for a service, by the names of {@link
   * Secrets#contexts}: each field with the service and a hyphen before it if the record has that,
   * and only otherwise without.
   *
   * @param service Courier's service name, such as {@code imap}
   */
  public Map<String, String> contexts(String service) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String context : CONTEXTS) {
      field(service + "-" + context + "pw")
          .or(() -> field(context + "pw"))
          .ifPresent(secret -> found.put(context, secret));
    }
    return found;
  }

  /**
   * The account of this record; empty if it lacks {@code uid}, {@code gid} or {@code home}, or has
   * one that is none, as such a record cannot sign in.
   *
   * @param base the directory that a relative {@code home} starts from: the data directory, so that
   *     it can be moved as a whole. A site that also runs Courier writes absolute homes.
   */
  public Optional<AccountPrincipal> account(Path base) {
    long uid = id("uid");
    long gid = id("gid");
    String home = field("home").orElse("");
    if (uid < 0 || gid < 0 || home.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    String mail = field("mail").filter(value -> !value.isEmpty()).orElse("Maildir");
    try {
      Path homeDirectory = base.toAbsolutePath().resolve(home).normalize();
      return Optional.of(
          new AccountPrincipal(
              name,
              name,
              fullName(),
              homeDirectory,
              homeDirectory.resolve(mail).normalize(),
              uid,
              gid,
              field("quota").orElse(""),
              AccountOptions.parse(field("options").orElse(""))));
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }

  /** {@code gecos} up to its first comma. */
  private String fullName() {
    String gecos = field("gecos").orElse("");
    int comma = gecos.indexOf(',');
    return comma < 0 ? gecos : gecos.substring(0, comma);
  }

  /**
   * A decimal number from 0 to 4294967295, or -1. Courier takes the digits at the beginning; here
   * only white space may follow them, such as the CR of a file that was written on Windows.
   */
  private long id(String field) {
    String text = field(field).orElse("").stripTrailing();
    if (text.isEmpty() || text.length() > 10) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + (digit - '0');
    }
    return value <= ID_MAX ? value : -1;
  }

  /** The name and the names of the fields, without values, since some are secret. */
  @Override
  public String toString() {
    return "UserdbRecord[" + name + " " + fields.keySet() + "]";
  }
}
