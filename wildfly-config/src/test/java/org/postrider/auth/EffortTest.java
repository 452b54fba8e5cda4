package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffortTest {

  private final Effort effort = new Effort();

  @Test
  void aNameThatNoModuleKnowsCostsOneHash() {
    effort.owe(PasswordHash.NOBODY);
    effort.owe("$1$saltsalt$9xy1btjgzLYfb7hivXtC//");
    assertThat(effort.settle("secret".toCharArray())).isTrue();
  }

  @Test
  void aNameThatOneModuleKnowsHasCostItAlready() {
    effort.owe(PasswordHash.NOBODY);
    effort.spend();
    effort.owe(PasswordHash.NOBODY);
    assertThat(effort.settle("secret".toCharArray())).isFalse();
  }

  @Test
  void whereOthersCheckNothingIsOwed() {
    assertThat(effort.settle("secret".toCharArray())).isFalse();
  }
}
