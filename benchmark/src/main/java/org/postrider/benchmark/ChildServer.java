package org.postrider.benchmark;

import java.net.InetSocketAddress;

/**
 * A server that is one program and its children.
 *
 * @param child ends them all when it is ended
 */
record ChildServer(Site site, Child child, InetSocketAddress imap, InetSocketAddress imaps)
    implements RunningServer {

  @Override
  public double processorSeconds() {
    return child.processorSeconds();
  }

  @Override
  public void close() throws InterruptedException {
    child.close();
  }
}
