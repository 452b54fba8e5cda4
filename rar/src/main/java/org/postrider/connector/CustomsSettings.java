package org.postrider.connector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.postrider.session.Customs;
import org.postrider.session.Workaround;
import org.postrider.session.WorkaroundRule;

/** What properties and Courier's files say about the customs of the site. */
final class CustomsSettings {

  /**
   * The words of {@code IMAP_CAPABILITY} that Courier's own file has, and what we announce because
   * of each: a site that left one out did not want it. What Courier never knew can't have been left
   * out on purpose.
   */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "UIDPLUS", List.of("UIDPLUS"),
          "CHILDREN", List.of("CHILDREN"),
          "NAMESPACE", List.of("NAMESPACE"),
          "THREAD=ORDEREDSUBJECT", List.of("THREAD=ORDEREDSUBJECT"),
          "THREAD=REFERENCES", List.of("THREAD=REFERENCES", "THREAD=REFS"),
          "SORT", List.of("SORT", "SORT=", "ESORT"),
          "QUOTA", List.of("QUOTA", "QUOTA=", "QUOTASET"),
          "IDLE", List.of("IDLE"));

  private static final int ALL_ID_FIELDS = 7;

  private CustomsSettings() {}

  /**
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  static Customs read(Settings.Chosen chosen) {
    CourierSettings courier = chosen.courier();
    String clear = courier.get("IMAP_CAPABILITY").orElse("");
    String underTls = courier.get("IMAP_CAPABILITY_TLS").orElse(clear);
    return new Customs(
        courier.flag("IMAP_MOVE_EXPUNGE_TO_TRASH").orElse(false),
        !courier.get("IMAP_KEYWORDS").map(value -> number(value) == 0).orElse(false),
        !courier.flag("IMAP_DISABLETHREADSORT").orElse(false),
        courier.get("IMAP_ID_FIELDS").map(CustomsSettings::number).orElse(0) & ALL_ID_FIELDS,
        hidden(chosen, clear),
        hidden(chosen, underTls),
        workarounds(chosen));
  }

  private static Set<String> hidden(Settings.Chosen chosen, String capability) {
    Set<String> hidden = new HashSet<>(words(chosen.text("imap.hidden-capabilities", "", "")));
    if (hidden.contains("IMAP4REV1")) {
      throw new IllegalArgumentException(
          "imap.hidden-capabilities names IMAP4rev1, without which there is no IMAP; leave it out"
              + " there.");
    }
    if (!capability.isBlank()) {
      Map<String, List<String>> left = new HashMap<>(WORDS);
      left.keySet().removeAll(words(capability));
      left.values().forEach(hidden::addAll);
    }
    if (!chosen.courier().flag("IMAP_ACL").orElse(true)) {
      hidden.addAll(List.of("ACL", "RIGHTS="));
    }
    return hidden;
  }

  private static Set<String> words(String text) {
    Set<String> words =
        new HashSet<>(Arrays.asList(text.toUpperCase(Locale.ROOT).split("[\\s,]+")));
    words.remove("");
    return words;
  }

  private static List<WorkaroundRule> workarounds(Settings.Chosen chosen) {
    List<WorkaroundRule> rules =
        new ArrayList<>(WorkaroundRule.parse(chosen.text("imap.workarounds", "", "")));
    if (chosen.courier().flag("IMAP_OBSOLETE_CLIENT").orElse(false)) {
      rules.addAll(WorkaroundRule.parse(Workaround.NO_CHILDREN.word() + ": always"));
    }
    return rules;
  }

  /** As C's {@code atoi} reads it. */
  private static int number(String text) {
    String digits = text.strip().replaceFirst("^([0-9]{0,9}).*$", "$1");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }
}
