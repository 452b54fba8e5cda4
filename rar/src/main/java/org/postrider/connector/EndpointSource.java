package org.postrider.connector;

/**
 * Where a connection gets its door into the application: in WildFly the message endpoint factory.
 */
@FunctionalInterface
interface EndpointSource {

  /**
   * @throws UnavailableException where the application can't be asked now
   */
  Endpoint open() throws UnavailableException;

  /** The application is starting or stopping. */
  final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    UnavailableException(Throwable cause) {
      super("The application is not there: " + cause.getMessage(), cause);
    }
  }
}
