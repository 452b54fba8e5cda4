package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Asks an issuer by HTTP: at most 5 seconds and 256 KB an answer, no redirects. Any thread.
 * Certificates are checked by what the JVM trusts.
 */
final class IssuerClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long ANSWER_MAX_OCTETS = 256 * 1024;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * What is at an address.
   *
   * @throws IOException if it is not to be had, with a reason
   */
  String get(URI address) throws IOException {
    return send(HttpRequest.newBuilder(address).GET());
  }

  /**
   * The answer to a form.
   *
   * @param authorization the header's value
   * @throws IOException if there is none, with a reason
   */
  String post(URI address, String form, String authorization) throws IOException {
    return send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private String send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          client.send(
              request.header("Accept", "application/json").timeout(PATIENCE).build(),
              BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), ANSWER_MAX_OCTETS));
      if (answer.statusCode() != 200) {
        throw new IOException("the answer is HTTP " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is stopping", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
