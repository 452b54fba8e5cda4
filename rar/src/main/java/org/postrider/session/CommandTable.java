package org.postrider.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The commands that a conversation understands, and the capabilities that follow from them. */
public final class CommandTable {

  /**
   * What every conversation can, whatever its commands: the grammar, and the literals that {@code
   * wire} reads.
   */
  private static final List<String> OWN_CAPABILITIES = List.of("IMAP4rev1", "LITERAL+");

  private final Map<String, CommandSpec> byName;
  private final List<CommandSpec> specs;

  public CommandTable(List<CommandSpec> specs) {
    this.specs = List.copyOf(specs);
    this.byName =
        specs.stream()
            .collect(Collectors.toUnmodifiableMap(CommandSpec::name, Function.identity()));
  }

  /**
   * @param name in capitals
   */
  public Optional<CommandSpec> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** What CAPABILITY answers in this state. */
  public List<String> capabilities(Session session) {
    List<String> capabilities = new ArrayList<>(OWN_CAPABILITIES);
    for (CommandSpec spec : specs) {
      for (CommandSpec.Announcement announcement : spec.capabilities()) {
        capabilities.addAll(announcement.in(session));
      }
    }
    Client client = session.client();
    capabilities.addAll(client.policy().capabilities());
    return client.policy().customs().announced(capabilities, client.link().secure());
  }
}
