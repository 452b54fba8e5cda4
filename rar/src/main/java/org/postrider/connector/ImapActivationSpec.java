package org.postrider.connector;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.io.Serializable;

/** What a message-driven bean says when it wants to answer mail calls: nothing but that. */
public final class ImapActivationSpec implements ActivationSpec, Serializable {

  private static final long serialVersionUID = 1;

  private transient ResourceAdapter resourceAdapter;

  @Override
  public void validate() throws InvalidPropertyException {
    if (resourceAdapter == null) {
      throw new InvalidPropertyException("The endpoint is not bound to the IMAP resource adapter.");
    }
  }

  @Override
  public ResourceAdapter getResourceAdapter() {
    return resourceAdapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter resourceAdapter) {
    this.resourceAdapter = resourceAdapter;
  }
}
