/**
 * Postrider next to the IMAP servers that Debian has, on one machine, on the same accounts, in
 * turns. A {@link org.postrider.benchmark.Scenario} is one thing that is measured, a {@link
 * org.postrider.benchmark.Peer} one server; {@link org.postrider.benchmark.Benchmark} has the lists
 * of both. Nothing here is part of the product.
 */
package org.postrider.benchmark;
