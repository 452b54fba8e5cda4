package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import org.jboss.ejb3.annotation.ResourceAdapter;
import org.postrider.mail.AccessControl;
import org.postrider.mail.Accounts;
import org.postrider.mail.Mail;
import org.postrider.mail.MailCall;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.mail.Mailboxes;
import org.postrider.mail.Messages;
import org.postrider.mail.Quotas;

/**
 * The door that the resource adapter knows: runs each call on the beans. An instance is taken for a
 * call, not for a session.
 */
@MessageDriven(messageListenerInterface = MailListener.class)
@ResourceAdapter("#rar.rar")
@TransactionManagement(TransactionManagementType.BEAN)
@PermitAll
public class MailEndpoint implements MailListener {

  @EJB private Accounts accounts;
  @EJB private Mailboxes mailboxes;
  @EJB private Messages messages;
  @EJB private Quotas quotas;
  @EJB private AccessControl access;

  @Override
  public <R> R call(MailCall<R> call) throws MailException {
    try {
      return call.run(new Mail(accounts, mailboxes, messages, quotas, access));
    } catch (Mistake e) {
      throw e;
    } catch (EJBException e) {
      throw new Mistake(e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      throw new Mistake(e);
    }
  }
}
