package org.example.mail;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * The people of a staff service: {@code GET BASE/NAME} answers their full name, {@code POST
 * BASE/NAME} with a password checks it. Option {@code base}: the service's address.
 */
public final class StaffLoginModule extends AccountLoginModule {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** Who is that? Asked when a ticket, a certificate or another module vouches for the name. */
  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    HttpResponse<String> answer = send(request(name).GET());
    return switch (answer.statusCode()) {
      case 200 -> account(name, answer.body()).map(who -> new StoredAccount(who, Secrets.NONE));
      case 404 -> Optional.empty(); // the next module is asked
      default -> throw unusable(answer.statusCode(), null);
    };
  }

  /** May they? Without this method the hash that lookup puts into Secrets would decide. */
  @Override
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    byte[] octets = PasswordHash.octets(password);
    if (octets == null) {
      throw refused();
    }
    try {
      HttpResponse<String> answer = send(request(name).POST(BodyPublishers.ofByteArray(octets)));
      return switch (answer.statusCode()) {
        case 200 -> account(name, answer.body()).orElseThrow(AccountLoginModule::refused);
        case 401, 404 -> throw refused(); // the next module is asked
        default -> throw unusable(answer.statusCode(), null);
      };
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  private static Optional<AccountPrincipal> account(String name, String fullName) {
    Path home = Path.of("/srv/mail");
    return AccountPrincipal.of(
        home, name, fullName.strip(), name.replace('/', '_'), "Maildir", "5000", "5000", "", "");
  }

  private HttpRequest.Builder request(String name) throws TemporaryFailureException {
    String base =
        option("base")
            .orElseThrow(() -> new TemporaryFailureException("Set the option base in jaas.conf."));
    String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return HttpRequest.newBuilder(URI.create(base + "/" + path)).timeout(Duration.ofSeconds(10));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws TemporaryFailureException {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException down) {
      throw unusable(0, down); // nobody signs in by an older password of the next module meanwhile
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw unusable(0, stopped);
    }
  }

  private static TemporaryFailureException unusable(int status, Exception cause) {
    return new TemporaryFailureException(
        "The staff service does not answer (status " + status + "): see whether it runs.", cause);
  }
}
