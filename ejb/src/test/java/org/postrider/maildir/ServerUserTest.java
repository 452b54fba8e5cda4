package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerUserTest {

  private static final Owner ANNA = new Owner(5001, 5002);

  private static ServerUser parse(String uid, String groups, String rights) {
    return ServerUser.parse(
        "Name:\tjava\nUid:\t%s\nGid:\t%s\nGroups:\t%s\nCapEff:\t%s\n"
            .formatted(uid, uid, groups, rights));
  }

  @Test
  void rootServesEverybody() {
    ServerUser root = parse("0\t0\t0\t0", "0 ", "000001ffffffffff");
    assertThat(root)
        .isEqualTo(new ServerUser(new Owner(0, 0), Set.of(0L), true))
        .hasToString("root");
    assertThat(root.canServe(ANNA)).isTrue();
    assertThat(root.hasToGive(ANNA)).isTrue();
    assertThat(root.hasToGive(new Owner(0, 0))).isFalse();
    assertThat(root.hasToGive(new Owner(0, 7))).isTrue();
  }

  @Test
  void rootWithoutItsRightsServesItselfAlone() {
    ServerUser root = parse("0\t0\t0\t0", "", "00000000a80425f2");
    assertThat(root.givesAway()).isFalse();
    assertThat(root.canServe(ANNA)).isFalse();
    assertThat(root.canServe(new Owner(0, 0))).isTrue();
    assertThat(root.toString()).contains("CAP_CHOWN");
  }

  @Test
  void anOrdinaryUserServesItsOwnAndGivesToItsGroups() {
    ServerUser user = parse("7\t5001\t7\t5001", "100 5002", "0000000000000000");
    assertThat(user.owner()).isEqualTo(new Owner(5001, 5001));
    assertThat(user.toString()).isEqualTo("uid 5001");
    assertThat(user.canServe(ANNA)).isTrue();
    assertThat(user.hasToGive(ANNA)).isTrue();
    assertThat(user.hasToGive(new Owner(5001, 5001))).isFalse();
    assertThat(user.hasToGive(new Owner(5001, 9))).as("not in that group: its own").isFalse();
    assertThat(user.canServe(new Owner(5003, 5002))).isFalse();
    assertThat(user.hasToGive(new Owner(5003, 5002))).isFalse();
  }

  @Test
  void aTextThatIsNoStatusIsRefused() {
    assertThatThrownBy(() -> ServerUser.parse("Uid:\t1\n"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Owner(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Owner(0, 1L << 32)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thisProcessIsSomebody() {
    assertThat(ServerUser.current().canServe(ServerUser.current().owner())).isTrue();
  }
}
