package org.postrider.auth.oauth;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a token says, once it is known to be its issuer's: whether it holds here and now. */
record Claims(JsonObject claims, OAuthSettings settings) {

  /**
   * The account.
   *
   * @param isSigned whether they are those of a signed token, which must say until when it is valid
   *     and for whom; an issuer that was asked need not
   * @throws TokenException if the token does not hold
   */
  String account(boolean isSigned, Instant now) throws TokenException {
    checkIssuer(isSigned);
    checkAudience(isSigned);
    checkTime(isSigned, now);
    checkScope();
    String claim = settings.accountClaim();
    String account =
        claims.string(claim).orElseThrow(() -> new TokenException("it has no claim " + claim));
    if (claim.equals("email") && claims.has("email_verified") && !claims.isTrue("email_verified")) {
      throw new TokenException("its issuer has not verified the address in it");
    }
    return account;
  }

  private void checkIssuer(boolean isSigned) throws TokenException {
    Optional<String> issuer = claims.string("iss");
    boolean asked = settings.issuer().isEmpty() || (!isSigned && issuer.isEmpty());
    if (!asked && !issuer.equals(Optional.of(settings.issuer()))) {
      throw new TokenException("it is of another issuer than " + settings.issuer());
    }
  }

  private void checkAudience(boolean isSigned) throws TokenException {
    List<String> audiences = claims.strings("aud");
    boolean asked = settings.audiences().isEmpty() || (!isSigned && !claims.has("aud"));
    if (!asked && audiences.stream().noneMatch(settings.audiences()::contains)) {
      throw new TokenException("it is for another audience than " + settings.audiences());
    }
  }

  private void checkTime(boolean isSigned, Instant now) throws TokenException {
    BigDecimal seconds = BigDecimal.valueOf(now.getEpochSecond());
    BigDecimal skew = BigDecimal.valueOf(settings.skew().toSeconds());
    Optional<BigDecimal> end = claims.number("exp");
    if (end.isEmpty() && (isSigned || claims.has("exp"))) {
      throw new TokenException("it does not say until when it is valid");
    }
    if (end.isPresent() && seconds.subtract(skew).compareTo(end.get()) >= 0) {
      throw new TokenException("it is not valid any more");
    }
    Optional<BigDecimal> begin = claims.number("nbf");
    if (begin.isPresent() && seconds.add(skew).compareTo(begin.get()) < 0) {
      throw new TokenException("it is not valid yet");
    }
  }

  private void checkScope() throws TokenException {
    List<String> scopes =
        claims.strings(claims.has("scope") ? "scope" : "scp").stream()
            .map(text -> text.split(" "))
            .map(Arrays::asList)
            .flatMap(Collection::stream)
            .toList();
    for (String wanted : settings.scopes()) {
      if (!scopes.contains(wanted)) {
        throw new TokenException("its scope lacks " + wanted, true);
      }
    }
  }
}
