package org.postrider.it;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The one server that most tests share: started for the first that asks, stopped after the last of
 * all. A test class asks by {@code @ExtendWith} and a parameter of its constructor or a method.
 */
final class SharedServer implements ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedServer.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PostriderServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(PostriderServer.class, key -> start(), PostriderServer.class);
  }

  private static PostriderServer start() {
    try {
      return new PostriderServer("shared").start();
    } catch (IOException e) {
      throw new IllegalStateException("The server could not be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the server was starting", e);
    }
  }
}
