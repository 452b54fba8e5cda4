package org.postrider.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postrider.connector.Settings;

/** The places where one server will listen. */
record Listeners(Listener imap, Listener imaps, Listener console, Listener management) {

  private static final int CONSOLE_PORT = 8443;
  private static final int MANAGEMENT_PORT = 9990;

  private static final Pattern OURS =
      Pattern.compile(
          "(imap|imaps|console|postrider|jboss|java\\.security\\.krb5|sun\\.security\\.krb5)\\..*");

  /**
   * What the server will read as well: properties first, then Courier's files.
   *
   * @throws CannotGoOnException where a setting is none
   */
  static Listeners of(Path data, Properties properties) throws CannotGoOnException, IOException {
    Settings mail;
    try {
      mail = Settings.read(data, name -> Optional.ofNullable(properties.getProperty(name)));
    } catch (IllegalArgumentException e) {
      throw new CannotGoOnException(e.getMessage(), e);
    }
    return new Listeners(
        Listener.of("IMAP", "imap.port", mail.imap().getFirst()),
        Listener.of("IMAPS", "imaps.port", mail.imaps().getFirst()),
        Listener.of("Console", properties, "console.address", "console.port", CONSOLE_PORT),
        Listener.of(
            "Management",
            properties,
            "jboss.bind.address.management",
            "jboss.management.http.port",
            MANAGEMENT_PORT));
  }

  /**
   * Those among the properties that are for the server, without the empty ones. A relative {@code
   * postrider.etc} is meant from where the command is typed, and for what is read in this process
   * as well: Courier's ports.
   */
  static Properties ours(Properties all) {
    Properties ours = new Properties();
    for (String name : all.stringPropertyNames()) {
      if (OURS.matcher(name).matches() && !all.getProperty(name).isBlank()) {
        ours.setProperty(name, all.getProperty(name));
      }
    }
    String etc = ours.getProperty("postrider.etc");
    if (etc != null) {
      String absolute = Path.of(etc).toAbsolutePath().normalize().toString();
      ours.setProperty("postrider.etc", absolute);
      System.setProperty("postrider.etc", absolute);
    }
    return ours;
  }

  /** Finds out whether all of them can be had. */
  void check() throws CannotGoOnException {
    List<Listener> all = List.of(imap, imaps, console, management);
    for (int i = 0; i < all.size(); i++) {
      for (Listener earlier : all.subList(0, i)) {
        all.get(i).checkApartFrom(earlier);
      }
      all.get(i).check();
    }
  }
}
