package org.postrider.auth;

import javax.security.auth.callback.Callback;

/**
 * Asks for the whole {@link SignInRequest} instead of a name and a password: what {@link AuthChain}
 * answers and no other caller is asked for.
 */
final class SignInCallback implements Callback {

  private SignInRequest request;

  /** The answer; null before it was given. */
  SignInRequest request() {
    return request;
  }

  /** Answers. */
  void setRequest(SignInRequest request) {
    this.request = request;
  }
}
