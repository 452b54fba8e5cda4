package org.postrider.command;

import java.util.List;
import org.postrider.session.CommandSpec;
import org.postrider.session.CommandTable;

/** All commands. To add one: its file, and a line here. */
public final class Commands {

  /** In the order of RFC 3501 section 6, extensions behind. */
  public static final List<CommandSpec> ALL =
      List.of(
          Capability.SPEC,
          Noop.SPEC,
          Logout.SPEC,
          StartTls.SPEC,
          Authenticate.SPEC,
          Login.SPEC,
          Select.SPEC,
          Select.EXAMINE,
          Create.SPEC,
          Delete.SPEC,
          Rename.SPEC,
          Subscribe.SPEC,
          Unsubscribe.SPEC,
          ListMailboxes.SPEC,
          Lsub.SPEC,
          Status.SPEC,
          Append.SPEC,
          Check.SPEC,
          Close.SPEC,
          Expunge.SPEC,
          Search.SPEC,
          Fetch.SPEC,
          Store.SPEC,
          Copy.SPEC,
          Id.SPEC,
          Enable.SPEC,
          Namespace.SPEC,
          Unselect.SPEC,
          Idle.SPEC,
          Move.SPEC,
          Sort.SPEC,
          ThreadMessages.SPEC,
          GetQuota.SPEC,
          GetQuotaRoot.SPEC,
          SetQuota.SPEC,
          SetAcl.SPEC,
          DeleteAcl.SPEC,
          GetAcl.SPEC,
          ListRights.SPEC,
          MyRights.SPEC);

  public static final CommandTable TABLE = new CommandTable(ALL);

  private Commands() {}
}
