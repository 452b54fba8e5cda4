package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Somebody else's application, with the descriptors of the manual.
 *
 * @param name of the archive and of the path below the server's root
 */
record ForeignWar(PostriderServer server, String name) {

  /**
   * Writes the archive.
   *
   * @param form whether it signs in with pages of its own; else by BASIC
   * @param domain the security domain
   */
  Path write(Path directory, boolean form, String domain) throws IOException {
    Manual manual = Manual.section("Accounts for other applications");
    String webXml = manual.example("<web-app");
    if (form) {
      webXml = webXml.replaceFirst("(?s) *<login-config>.*</login-config>", manual.example("FORM"));
    }
    String jbossWeb = manual.example("<jboss-web>").replace("postrider-accounts", domain);
    Path file = directory.resolve(name + ".war");
    ShrinkWrap.create(WebArchive.class, name + ".war")
        .addClass(WhoIsThere.class)
        .addAsWebInfResource(new StringAsset(webXml), "web.xml")
        .addAsWebInfResource(new StringAsset(jbossWeb), "jboss-web.xml")
        .addAsWebResource(new StringAsset("<h1>Sign in</h1>"), "sign-in.html")
        .addAsWebResource(new StringAsset("<h1>Refused</h1>"), "refused.html")
        .as(ZipExporter.class)
        .exportTo(file.toFile());
    return file;
  }

  /** A visitor who follows where it is sent, and keeps cookies. */
  HttpClient visitor() throws IOException {
    return HttpClient.newBuilder()
        .sslContext(server.tls())
        .cookieHandler(new CookieManager())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.console() + name + "/" + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> get(HttpClient visitor, String path)
      throws IOException, InterruptedException {
    return visitor.send(to(path).build(), BodyHandlers.ofString());
  }

  /** Asks with a name and a password, by BASIC. */
  HttpResponse<String> basic(String path, String account, String password)
      throws IOException, InterruptedException {
    try (HttpClient visitor = visitor()) {
      return visitor.send(
          to(path).header("Authorization", authorization(account, password)).build(),
          BodyHandlers.ofString());
    }
  }

  static String authorization(String account, String password) {
    byte[] both = (account + ":" + password).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  /** Sends the form. */
  HttpResponse<String> form(HttpClient visitor, String account, String password)
      throws IOException, InterruptedException {
    String fields =
        "j_username="
            + URLEncoder.encode(account, UTF_8)
            + "&j_password="
            + URLEncoder.encode(password, UTF_8);
    return visitor.send(
        to("j_security_check")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(fields))
            .build(),
        BodyHandlers.ofString());
  }
}
