package org.postrider.bean;

import jakarta.ejb.ApplicationException;

/**
 * A mistake of ours on its way to the session, which logs it once, with the command it happened in.
 * An application exception, so that the container lets it through as it is: it would log it at each
 * bean, wrap it and throw the bean away.
 */
@ApplicationException
public final class Mistake extends RuntimeException {

  private static final long serialVersionUID = 1;

  Mistake(Throwable cause) {
    super(cause);
  }
}
