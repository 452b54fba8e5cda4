package org.postrider.connector;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** How many connections there may be, in all and from one address. Any thread. */
final class ConnectionLimits {

  private final int most;
  private final Map<InetAddress, Integer> perAddress = new HashMap<>();
  private int count;

  ConnectionLimits(int most) {
    this.most = most;
  }

  /**
   * Counts a connection in.
   *
   * @param mostPerAddress from this address, this one included
   * @return null, or why there is no room, for the client to read
   */
  synchronized String admit(InetAddress address, int mostPerAddress) {
    if (count >= most) {
      return "This server has its " + most + " connections already; try again in a while.";
    }
    int here = perAddress.getOrDefault(address, 0);
    if (here >= mostPerAddress) {
      return "There are " + mostPerAddress + " connections from your address already; close some.";
    }
    count++;
    perAddress.put(address, here + 1);
    return null;
  }

  /** Counts an admitted connection out. */
  synchronized void leave(InetAddress address) {
    count--;
    perAddress.computeIfPresent(address, (key, here) -> here == 1 ? null : here - 1);
  }
}
