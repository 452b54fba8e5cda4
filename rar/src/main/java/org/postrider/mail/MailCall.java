package org.postrider.mail;

/** One question to the application, run inside it. It must never wait for a client. */
@FunctionalInterface
public interface MailCall<R> {

  R run(Mail mail) throws MailException;
}
