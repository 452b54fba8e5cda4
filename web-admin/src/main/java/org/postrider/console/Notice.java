package org.postrider.console;

import jakarta.enterprise.context.SessionScoped;
import jakarta.inject.Named;
import java.io.Serializable;

/** What the last action came to, shown once on the page that follows it. */
@Named
@SessionScoped
public class Notice implements Serializable {

  private String text;

  /**
   * @param text in the reader's language
   */
  public void leave(String text) {
    this.text = text;
  }

  /** Whether there is one to show. */
  public boolean isWaiting() {
    return text != null;
  }

  /** The text, which is then forgotten; null if there is none. */
  public String take() {
    String taken = text;
    text = null;
    return taken;
  }
}
