package org.postrider.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode.Word;

/**
 * What the clients of a site are used to, beyond the standards: switches that its Courier had, and
 * ways round the mistakes of some clients.
 *
 * @param magicTrash true where expunged messages go into Trash, which is announced as {@code
 *     XMAGICTRASH}: {@code IMAP_MOVE_EXPUNGE_TO_TRASH}
 * @param keywords false where clients may set none: {@code IMAP_KEYWORDS=0}
 * @param sorting false where SORT and THREAD are refused: {@code IMAP_DISABLETHREADSORT=1}
 * @param idFields what ID tells beyond the name, in bits: 1 version, 2 system, 4 its version:
 *     {@code IMAP_ID_FIELDS}
 * @param hidden capabilities that are not announced; one that ends in {@code =} stands for all that
 *     begin so
 * @param hiddenUnderTls the same once there is TLS
 * @param workarounds which mistakes of which clients are put up with
 */
public record Customs(
    boolean magicTrash,
    boolean keywords,
    boolean sorting,
    int idFields,
    Set<String> hidden,
    Set<String> hiddenUnderTls,
    List<WorkaroundRule> workarounds) {

  /** Nothing out of the ordinary. */
  public static final Customs DEFAULT =
      new Customs(false, true, true, 0, Set.of(), Set.of(), List.of());

  public Customs {
    hidden = Set.copyOf(hidden);
    hiddenUnderTls = Set.copyOf(hiddenUnderTls);
    workarounds = List.copyOf(workarounds);
  }

  /**
   * @throws MailException CANNOT where the administrator wants neither SORT nor THREAD
   */
  public void requireSorting() throws MailException {
    if (!sorting) {
      throw new MailException(Word.CANNOT, "This command is disabled by the system administrator.");
    }
  }

  /** Those of the capabilities that are announced. */
  List<String> announced(List<String> capabilities, boolean underTls) {
    Set<String> left = underTls ? hiddenUnderTls : hidden;
    if (left.isEmpty()) {
      return capabilities;
    }
    List<String> announced = new ArrayList<>(capabilities.size());
    for (String capability : capabilities) {
      int equals = capability.indexOf('=');
      boolean family = equals > 0 && left.contains(capability.substring(0, equals + 1));
      if (!family && !left.contains(capability)) {
        announced.add(capability);
      }
    }
    return announced;
  }
}
