package org.postrider.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postrider.auth.TemporaryFailureException;

class IssuerKeysTest {

  private long now = Long.MAX_VALUE - 5; // System.nanoTime may be near its end
  private int fetches;
  private boolean down;
  private final IssuerKeys keys = new IssuerKeys(this::fetch, () -> now);

  private List<TokenKey> fetch() throws IOException {
    fetches++;
    if (down) {
      throw new IOException("it is down");
    }
    return List.of(new TokenKey("k" + fetches, "", TestIssuer.EC.getPublic()));
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void theyAreFetchedEveryTenMinutes() throws Exception {
    assertThat(keys.keys()).extracting(TokenKey::id).containsExactly("k1");
    pass(Duration.ofMinutes(9));
    assertThat(keys.keys()).extracting(TokenKey::id).containsExactly("k1");
    pass(Duration.ofMinutes(2));
    assertThat(keys.keys()).extracting(TokenKey::id).containsExactly("k2");
  }

  @Test
  void anUnknownKeyMakesThemBeFetchedButNotByEveryToken() throws Exception {
    keys.keys();
    pass(Duration.ofSeconds(31));
    assertThat(keys.newest()).extracting(TokenKey::id).containsExactly("k2");
    for (int i = 0; i < 100; i++) {
      assertThat(keys.newest()).extracting(TokenKey::id).containsExactly("k2");
    }
    assertThat(fetches).isEqualTo(2);
  }

  @Test
  void oldOnesServeForADayWhileTheIssuerIsDown() throws Exception {
    keys.keys();
    down = true;
    pass(Duration.ofHours(23));
    assertThat(keys.keys()).extracting(TokenKey::id).containsExactly("k1");
    pass(Duration.ofHours(2));
    assertThatThrownBy(keys::keys).isInstanceOf(TemporaryFailureException.class);
    down = false;
    pass(Duration.ofMinutes(1));
    assertThat(keys.keys()).hasSize(1);
  }

  @Test
  void anIssuerThatIsDownIsNotAskedByEveryToken() {
    down = true;
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(keys::keys).isInstanceOf(TemporaryFailureException.class);
    }
    assertThat(fetches).isEqualTo(1);
  }
}
