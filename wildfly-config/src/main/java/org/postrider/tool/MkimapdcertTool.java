package org.postrider.tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postrider.connector.Certificates;
import org.postrider.connector.CourierSettings;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code mkimapdcert}: makes the certificate that the server signs itself. */
final class MkimapdcertTool implements Tool {

  private static final int CNF_MAX_OCTETS = 64 * 1024;
  private static final int NAMES_MAX = 100;

  /** A line of a certtool template, or of a file for OpenSSL. */
  private static final Pattern SETTING =
      Pattern.compile("\\s*([A-Za-z_]+(?:\\.[0-9]+)?)\\s*=\\s*(.*?)\\s*");

  private static final Pattern NAME = Pattern.compile("(\\*\\.)?[A-Za-z0-9_.-]{1,253}");

  @Override
  public Manual manual() {
    return Manual.of("mkimapdcert", 8, "makes a self-signed certificate for IMAP")
        .use("[--renew] [FILE]")
        .use("--help")
        .text(
            "Makes a key (EC, P-256) and a certificate that it signs, valid for 825 days, in"
                + " tls/imapd.pem of the data directory, mode 600. The server does that by itself"
                + " at its first start, and renews it; this command is for other names. Clients"
                + " cannot check such a certificate: for the public have one signed by an"
                + " authority.")
        .item(
            "FILE",
            "Without .pem, which is added. Otherwise it is what TLS_CERTFILE of etc/imapd-ssl"
                + " names, or tls/imapd.pem.")
        .item(
            "--renew",
            "Replaces a certificate that is self-signed. One that an authority signed is never"
                + " replaced. The server uses the new one from the next connection on, and the"
                + " console from the next start.")
        .chapter("NAMES")
        .text(
            "etc/imapd.cnf says for which names it is, in Courier's form for GnuTLS or for"
                + " OpenSSL. Without it, the name of this machine, localhost, 127.0.0.1 and ::1.")
        .item("cn, CN, commonName", "The first name.")
        .item("dns_name, ip_address", "A further one each.")
        .item("subjectAltName", "Further ones: DNS:mail.example.org,IP:192.0.2.1")
        .item("DNS.1, IP.1", "Further ones, in a section of OpenSSL's.")
        .chapter("EXIT STATUS")
        .item("0", "It is made.")
        .item("1", "It is there already, or could not be made: the reason was printed.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_HOME", "The data directory.")
        .item("POSTRIDER_ETC", "The directory with imapd.cnf and imapd-ssl.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "Neither openssl(1) nor certtool(1) is needed. Organisation, place, serial and days of"
                + " imapd.cnf are not used, nor is BITS. The file has the certificate before the"
                + " key and no DH parameters, which are not needed. Made by root, it belongs to the"
                + " owner of its directory.")
        .see("imapd(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    boolean renew = arguments.contains("--renew");
    List<String> rest = arguments.stream().filter(it -> !it.equals("--renew")).toList();
    if (rest.size() > 1 || rest.stream().anyMatch(it -> it.startsWith("-"))) {
      throw new ToolException(1, "Usage: mkimapdcert [--renew] [FILE]");
    }
    Path pem = rest.isEmpty() ? usual(places) : Path.of(rest.getFirst() + ".pem");
    if (Files.exists(pem, LinkOption.NOFOLLOW_LINKS) && !renew) {
      terminal.out().println(pem + " already exists.");
      return 1;
    }
    try {
      if (Files.exists(pem) && !Certificates.read(pem).isSelfSigned()) {
        throw new ToolException(
            1,
            pem + " is signed by an authority and stays: renew it there, or move it away first.");
      }
      List<String> names = names(places);
      Certificates.selfSigned(names, Instant.now()).writePem(pem);
      giveToOwner(pem);
      terminal.out().println(pem + " is for " + String.join(", ", names) + ".");
      return 0;
    } catch (GeneralSecurityException failed) {
      throw new ToolException(1, "mkimapdcert: " + failed.getMessage());
    }
  }

  private static Path usual(Places places) throws IOException, ToolException {
    Path etc = places.etc();
    Optional<String> named =
        CourierSettings.read(etc.resolve("imapd"), etc.resolve("imapd-ssl")).get("TLS_CERTFILE");
    return named.isPresent() ? Path.of(named.get()) : places.home().resolve("tls/imapd.pem");
  }

  private static void giveToOwner(Path pem) throws IOException {
    Path directory = pem.toAbsolutePath().getParent();
    Object uid = Files.getAttribute(directory, "unix:uid");
    if (!uid.equals(Files.getAttribute(pem, "unix:uid"))) {
      Files.setAttribute(pem, "unix:gid", Files.getAttribute(directory, "unix:gid"));
      Files.setAttribute(pem, "unix:uid", uid);
    }
  }

  private static List<String> names(Places places) throws IOException, ToolException {
    Path file;
    try {
      file = places.etc().resolve("imapd.cnf");
    } catch (ToolException unknown) {
      return Setup.names(); // FILE alone was named
    }
    if (Files.notExists(file)) {
      return Setup.names();
    }
    if (Files.size(file) > CNF_MAX_OCTETS) {
      throw new ToolException(1, file + " is larger than 64 KB, which no such file is.");
    }
    Set<String> names = new LinkedHashSet<>();
    for (String line : Files.readString(file, ISO_8859_1).lines().toList()) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        names.addAll(named(setting.group(1), unquoted(setting.group(2)), file));
      }
    }
    if (names.size() > NAMES_MAX) {
      throw new ToolException(1, file + " has more than " + NAMES_MAX + " names.");
    }
    return names.isEmpty() ? Setup.names() : List.copyOf(names);
  }

  private static List<String> named(String key, String value, Path file) throws ToolException {
    List<String> names = new ArrayList<>();
    switch (key.toLowerCase(Locale.ROOT).replaceFirst("\\.[0-9]+$", "")) {
      case "cn", "commonname", "dns_name", "ip_address", "dns", "ip" -> names.add(value);
      case "subjectaltname" -> {
        for (String entry : value.split(",")) {
          Matcher typed = Pattern.compile("\\s*(DNS|IP):\\s*(.*?)\\s*").matcher(entry);
          if (typed.matches()) {
            names.add(typed.group(2));
          }
        }
      }
      default -> {
        // Organisation and the like.
      }
    }
    for (String name : names) {
      if (!isAddress(name) && !NAME.matcher(name).matches()) {
        throw new ToolException(
            1, "%s: %s=%s is neither a host name nor an address.".formatted(file, key, name));
      }
    }
    return names;
  }

  private static boolean isAddress(String name) {
    try {
      InetAddress.ofLiteral(name);
      return true;
    } catch (IllegalArgumentException other) {
      return false;
    }
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
