package org.postrider.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server that is up, with the accounts and the certificate of its {@link Site}. */
interface RunningServer extends AutoCloseable {

  Site site();

  /** Where it takes connections in clear text. */
  InetSocketAddress imap();

  /** Where it speaks TLS from the first octet. */
  InetSocketAddress imaps();

  /** How long its processes have had a processor so far, those that have ended included. */
  double processorSeconds();

  /** Ends it, with all of its processes. */
  @Override
  void close() throws IOException, InterruptedException;
}
