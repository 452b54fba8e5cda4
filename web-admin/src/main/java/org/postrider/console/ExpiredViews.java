package org.postrider.console;

import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import java.io.IOException;
import java.util.Iterator;

/**
 * Answers a form whose page is no longer known with 410: the page was open too long, or somebody
 * made the form up. Neither is a fault of the server, and neither may fill its log.
 */
public final class ExpiredViews extends ExceptionHandlerFactory {

  /** As Faces asks. */
  public ExpiredViews(ExceptionHandlerFactory wrapped) {
    super(wrapped);
  }

  @Override
  public ExceptionHandler getExceptionHandler() {
    return new Handler(getWrapped().getExceptionHandler());
  }

  private static final class Handler extends ExceptionHandlerWrapper {

    Handler(ExceptionHandler wrapped) {
      super(wrapped);
    }

    @Override
    public void handle() {
      Iterator<ExceptionQueuedEvent> queued = getUnhandledExceptionQueuedEvents().iterator();
      while (queued.hasNext()) {
        if (queued.next().getContext().getException() instanceof ViewExpiredException) {
          queued.remove();
          answer(FacesContext.getCurrentInstance());
        }
      }
      super.handle();
    }

    private static void answer(FacesContext faces) {
      try {
        faces.getExternalContext().responseSendError(410, null);
        faces.responseComplete();
      } catch (IOException failure) {
        throw new FacesException(failure);
      }
    }
  }
}
