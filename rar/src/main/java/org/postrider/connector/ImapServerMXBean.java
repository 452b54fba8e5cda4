package org.postrider.connector;

import java.util.List;

/** What the console and any JMX client can see of the listeners and do to the sessions. */
public interface ImapServerMXBean {

  /** The name it is registered by. */
  String OBJECT_NAME = "org.postrider:type=ImapServer";

  List<ListenerState> getListeners();

  List<SessionState> getSessions();

  /**
   * Ends a session; its client reads the reason.
   *
   * @return false where there is no such session any more
   */
  boolean disconnect(String sessionId, String reason);
}
