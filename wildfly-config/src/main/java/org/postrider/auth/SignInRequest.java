package org.postrider.auth;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One sign-in, as the chain puts it to each of its modules.
 *
 * @param service Courier's service name, which decides whose password counts: {@code imap} for
 *     IMAP; small letters, digits and hyphens, 32 at most
 * @param name the account name as the client gave it
 * @param evidence what it shows
 * @param client where it is; empty for a request from this machine's own programs
 */
public record SignInRequest(
    String service, String name, Evidence evidence, Optional<InetAddress> client) {

  private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** Checks the service name. */
  public SignInRequest {
    if (!SERVICE.matcher(service).matches()) {
      throw new IllegalArgumentException(
          "A service name has small letters, digits and hyphens, 32 at most.");
    }
  }

  /** A request that comes from no network address. */
  public SignInRequest(String service, String name, Evidence evidence) {
    this(service, name, evidence, Optional.empty());
  }
}
