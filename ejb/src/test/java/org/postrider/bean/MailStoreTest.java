package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MailStoreTest {

  /** For the container itself; it refuses calls by other beans of methods that are not public. */
  private static final Set<String> OF_ITS_LIFE = Set.of("start", "stop");

  @Test
  void whatOtherBeansCallIsPublic() {
    for (Method method : MailStore.class.getDeclaredMethods()) {
      boolean inside = Modifier.isPrivate(method.getModifiers()) || method.isSynthetic();
      if (!inside && !OF_ITS_LIFE.contains(method.getName())) {
        assertThat(Modifier.isPublic(method.getModifiers())).as(method.getName()).isTrue();
      }
    }
  }
}
