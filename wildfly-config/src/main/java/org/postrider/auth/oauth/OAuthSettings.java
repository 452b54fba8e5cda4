package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose tokens are taken: {@code etc/oauth.properties}, in the form of {@link Properties}.
 *
 * <pre>
 * issuer=https://login.example.com/realms/mail   as the tokens have it in iss
 * audience=imap, mail.example.com                one of them is in the tokens' aud
 * keys=https://login.example.com/.../certs       the issuer's keys (RFC 7517): https, or a file in etc/
 * account=email                                  the claim that names the account; default: email
 * scope=imap                                     words that must all be in the token's scope; default: none
 * algorithms=RS256, ES256                        default: RS256, PS256, ES256, EdDSA
 * skew-seconds=60                                how wrong clocks may be, 0 to 600; default: 60
 * discovery=https://.../.well-known/openid-configuration   told to clients whose token is refused
 *
 * introspection=https://login.example.com/introspect   instead of keys: ask the issuer (RFC 7662),
 * client=imap                                    as this client,
 * client-secret=...                              with this secret; then the file is of mode 600
 * </pre>
 *
 * @param keys a file or an address; empty: {@code introspection} is there
 * @param introspection empty: {@code keys} are there
 */
record OAuthSettings(
    String issuer,
    List<String> audiences,
    Optional<String> keys,
    String accountClaim,
    List<String> scopes,
    Set<SignatureAlgorithm> algorithms,
    Duration skew,
    String discovery,
    Optional<URI> introspection,
    String client,
    String clientSecret,
    Path directory) {

  private static final int FILE_MAX_OCTETS = 64 * 1024;
  private static final int SKEW_SECONDS_MAX = 600;

  private static final List<String> NAMES =
      List.of(
          "issuer",
          "audience",
          "keys",
          "account",
          "scope",
          "algorithms",
          "skew-seconds",
          "discovery",
          "introspection",
          "client",
          "client-secret");

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be used, with a reason that goes after "cannot be used: "
   */
  static OAuthSettings read(Path file) throws IOException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(FILE_MAX_OCTETS + 1);
    }
    if (octets.length > FILE_MAX_OCTETS) {
      throw new IOException("it is larger than " + FILE_MAX_OCTETS + " octets");
    }
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(octets, UTF_8)));
    } catch (IllegalArgumentException broken) {
      throw new IOException("it has a broken escape: " + broken.getMessage(), broken);
    }
    Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
    NAMES.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IOException(
          "there is no setting " + unknown.iterator().next() + "; there are " + NAMES);
    }
    OAuthSettings settings = of(properties, file.toAbsolutePath().getParent());
    if (!settings.clientSecret.isEmpty() && isReadByOthers(file)) {
      throw new IOException("others can read the secret in it; chmod 600 it");
    }
    return settings;
  }

  private static boolean isReadByOthers(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).stream()
        .anyMatch(
            permission ->
                permission == PosixFilePermission.GROUP_READ
                    || permission == PosixFilePermission.OTHERS_READ);
  }

  private static OAuthSettings of(Properties properties, Path directory) throws IOException {
    Optional<String> keys = text(properties, "keys");
    Optional<String> introspection = text(properties, "introspection");
    if (keys.isPresent() == introspection.isPresent()) {
      throw new IOException("either keys or introspection must be set, and not both");
    }
    if (keys.isPresent()) {
      require(properties, "issuer");
      require(properties, "audience");
      if (isAddress(keys.get())) {
        address(keys.get(), "keys");
      }
    } else {
      require(properties, "client");
    }
    return new OAuthSettings(
        text(properties, "issuer").orElse(""),
        words(properties, "audience"),
        keys,
        text(properties, "account").orElse("email"),
        words(properties, "scope"),
        algorithms(words(properties, "algorithms")),
        skew(text(properties, "skew-seconds").orElse("60")),
        text(properties, "discovery").orElse(""),
        introspection.isPresent()
            ? Optional.of(address(introspection.get(), "introspection"))
            : Optional.empty(),
        text(properties, "client").orElse(""),
        text(properties, "client-secret").orElse(""),
        directory);
  }

  private static Optional<String> text(Properties properties, String name) {
    return Optional.ofNullable(properties.getProperty(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private static List<String> words(Properties properties, String name) {
    return text(properties, name).stream()
        .flatMap(text -> Arrays.stream(text.split("[\\s,]+")))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static void require(Properties properties, String name) throws IOException {
    if (text(properties, name).isEmpty()) {
      throw new IOException(name + " is not set");
    }
  }

  private static Set<SignatureAlgorithm> algorithms(List<String> names) throws IOException {
    if (names.isEmpty()) {
      return Set.of(SignatureAlgorithm.values());
    }
    Set<SignatureAlgorithm> algorithms = new TreeSet<>();
    for (String name : names) {
      algorithms.add(
          SignatureAlgorithm.of(name)
              .orElseThrow(
                  () ->
                      new IOException(
                          "algorithms has " + name + "; there are RS256, PS256, ES256 and EdDSA")));
    }
    return Set.copyOf(algorithms);
  }

  private static Duration skew(String seconds) throws IOException {
    try {
      int skew = Integer.parseInt(seconds);
      if (skew >= 0 && skew <= SKEW_SECONDS_MAX) {
        return Duration.ofSeconds(skew);
      }
    } catch (NumberFormatException e) {
      throw noSkew(seconds);
    }
    throw noSkew(seconds);
  }

  private static IOException noSkew(String seconds) {
    return new IOException(
        "skew-seconds is " + seconds + "; it is a number from 0 to " + SKEW_SECONDS_MAX);
  }

  static boolean isAddress(String source) {
    return source.contains("://");
  }

  /** An address that nobody in between can answer for. */
  private static URI address(String text, String name) throws IOException {
    try {
      URI address = URI.create(text);
      String host = address.getHost();
      if (host != null
          && ("https".equals(address.getScheme())
              || ("http".equals(address.getScheme()) && isHere(host)))) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(name + " is no address: " + e.getMessage(), e);
    }
    throw new IOException(name + " is " + text + "; it begins with https://");
  }

  private static boolean isHere(String host) {
    try {
      return host.equals("localhost")
          || InetAddress.ofLiteral(host.replace("[", "").replace("]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException noLiteral) {
      return false;
    }
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "OAuthSettings[" + issuer + "]";
  }
}
