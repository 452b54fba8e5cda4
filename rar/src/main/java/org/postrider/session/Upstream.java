package org.postrider.session;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Another server, which has an account's mail, with the account signed in there. */
public interface Upstream extends Closeable {

  /** As the account names it. */
  String host();

  /** What it said that it can; empty where it did not. */
  List<String> capabilities();

  /**
   * Whether it tells its capabilities in the place of this server's answer to the sign-in, because
   * they are others: Courier's {@code IMAP_PROXY_FOREIGN}.
   */
  boolean isForeign();

  /** Octets from it; the end where it has closed. */
  InputStream in();

  /** Octets to it, at once. */
  OutputStream out();

  /** Nothing more goes to it. */
  void sayNoMore();

  /** Ends the connection at once, from any thread. */
  @Override
  void close();
}
