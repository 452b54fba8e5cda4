package org.postrider.connector;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Courier's setting {@code TCPDOPTS}: options of its listener. Those that mean something here are
 * obeyed; the others, and {@code IMAPDEBUGFILE}, are named in the log, with the reason.
 *
 * @param accessFile {@code -access}, which wins over {@code IMAPACCESSFILE}
 * @param denial {@code -denymsg}: what somebody reads who may not connect; empty: nothing
 */
record TcpdOptions(Optional<Path> accessFile, Optional<String> denial) {

  private static final System.Logger LOG = System.getLogger(TcpdOptions.class.getName());

  /** What they switch off is not done here. */
  private static final Set<String> WITHOUT_EFFECT = Set.of("-nodnslookup", "-noidentlookup");

  private static final String DNS_LISTS =
      "lists of mail relays say nothing about people who read their mail; deny addresses in"
          + " IMAPACCESSFILE, or let fail2ban do it";

  private static final Map<String, String> REASONS =
      Map.of(
          "-block", DNS_LISTS,
          "-allow", DNS_LISTS,
          "-drop", DNS_LISTS,
          "-maxprocs", "MAXDAEMONS says it",
          "-maxperip", "MAXPERIP says it",
          "-address", "ADDRESS says it",
          "-accesslocal", "addresses of this machine are in PORT and ADDRESS",
          "-warn", "the console shows how many connections there are");

  static TcpdOptions read(CourierSettings courier) {
    Optional<Path> accessFile = Optional.empty();
    Optional<String> denial = Optional.empty();
    for (String option : courier.get("TCPDOPTS").orElse("").strip().split("\\s+")) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      if (name.equals("-access") && !value.isEmpty()) {
        accessFile = Optional.of(Path.of(withoutDat(value)));
      } else if (name.equals("-denymsg") && !value.isEmpty()) {
        denial = Optional.of(UpstreamServers.printable(value));
      } else if (!name.isEmpty() && !WITHOUT_EFFECT.contains(name)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "TCPDOPTS: "
                + UpstreamServers.printable(name)
                + " is not obeyed: "
                + REASONS.getOrDefault(name, "there is nothing like it in this server"));
      }
    }
    courier
        .get("IMAPDEBUGFILE")
        .ifPresent(
            name ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "IMAPDEBUGFILE has no effect: no trace is written into Maildirs"));
    return new TcpdOptions(accessFile, denial);
  }

  /** The text, of which the compiled form is made. */
  private static String withoutDat(String name) {
    return name.endsWith(".dat") ? name.substring(0, name.length() - ".dat".length()) : name;
  }
}
