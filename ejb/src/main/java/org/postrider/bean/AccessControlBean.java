package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.List;
import org.postrider.mail.AccessControl;
import org.postrider.mail.AccessEntry;
import org.postrider.mail.Account;
import org.postrider.mail.GrantableRights;
import org.postrider.mail.MailException;
import org.postrider.maildir.AccessList;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/** The access lists of an account's mailboxes, from its Maildir. */
@Stateless
@Local(AccessControl.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class AccessControlBean implements AccessControl {

  @EJB private MailStore store;

  /** For the container. */
  public AccessControlBean() {}

  AccessControlBean(MailStore store) {
    this.store = store;
  }

  @Override
  public List<AccessEntry> list(Account account, MailboxName name) throws MailException {
    AccessList list =
        Refusals.ask(() -> Access.of(store, account).on(name, Right.ADMINISTER).place().list());
    List<AccessEntry> entries = new ArrayList<>();
    list.forEach((identifier, rights) -> entries.add(new AccessEntry(identifier, rights)));
    return entries;
  }

  @Override
  public void change(
      Account account, MailboxName name, AccessIdentifier identifier, RightsChange change)
      throws MailException {
    Refusals.ask(
        () -> {
          Access.Grant grant = Access.of(store, account).on(name, Right.ADMINISTER);
          grant.place().change(identifier, change);
          store.watch().tell(grant.folder().directory());
          return name;
        });
  }

  @Override
  public GrantableRights grantable(Account account, MailboxName name, AccessIdentifier identifier)
      throws MailException {
    Refusals.ask(() -> Access.of(store, account).on(name, Right.ADMINISTER));
    Rights always = AccessList.always(identifier);
    return new GrantableRights(always, AccessList.grantable(identifier).minus(always));
  }

  @Override
  public Rights rights(Account account, MailboxName name) throws MailException {
    return Refusals.ask(() -> Access.of(store, account).told(name));
  }
}
