package org.postrider.mail;

/**
 * The message listener that the resource adapter calls: the one door into the application. An
 * implementation adds what the container gives (pools, identity), runs the call, and lets its
 * exception through.
 */
public interface MailListener {

  <R> R call(MailCall<R> call) throws MailException;
}
