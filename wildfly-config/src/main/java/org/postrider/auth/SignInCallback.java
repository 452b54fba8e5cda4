package org.postrider.auth;

import javax.security.auth.callback.Callback;

/**
 * Asks for the whole {@link SignInRequest} instead of a name and a password: what {@link AuthChain}
 * answers and no other caller is asked for.
 */
final class SignInCallback implements Callback {

  private SignInRequest request;
  private Effort effort;

  /** The answer; null before it was given. */
  SignInRequest request() {
    return request;
  }

  /** Where the module notes the work that it has done or saved; null before the answer. */
  Effort effort() {
    return effort;
  }

  /** Answers. */
  void answer(SignInRequest request, Effort effort) {
    this.request = request;
    this.effort = effort;
  }
}
