package org.postrider.benchmark;

import java.io.IOException;

/** A kind of server. */
interface Peer {

  /** One word. */
  String name();

  /** Its version, as its maker writes it. */
  String version() throws IOException, InterruptedException;

  /** Sets it up from nothing and starts it; returns when it greets. */
  RunningServer start(Site site) throws IOException, InterruptedException;
}
