package org.postrider.transcript;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.SignInExchange;
import org.postrider.mail.SignInStep;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.transcript.Transcript.GivenAccount;

/**
 * PLAIN, or LOGIN, with passwords that are kept as they are; nothing waits, nobody attacks a test.
 */
final class MemorySignIn implements SignInExchange {

  static final List<String> MECHANISMS = List.of("PLAIN", "LOGIN");

  private final Map<String, String> passwords;
  private final GivenAccount record;
  private final boolean plain;
  private String name;

  MemorySignIn(Map<String, String> passwords, GivenAccount record, boolean plain) {
    this.record = record;
    this.passwords = passwords;
    this.plain = plain;
  }

  @Override
  public SignInStep begin(Optional<byte[]> initial) {
    return initial.isPresent() ? answer(initial.get()) : challenge(plain ? "" : "Username:");
  }

  @Override
  public SignInStep answer(byte[] response) {
    String text = new String(response, StandardCharsets.UTF_8);
    if (plain) {
      String[] parts = text.split("\0", -1);
      return parts.length == 3
          ? check(parts[0], parts[1], parts[2])
          : new SignInStep.Malformed("PLAIN has three parts.");
    }
    if (name == null) {
      name = text;
      return challenge("Password:");
    }
    return check("", name, text);
  }

  private static SignInStep challenge(String text) {
    return new SignInStep.Challenge(text.getBytes(StandardCharsets.UTF_8));
  }

  private SignInStep check(String authorization, String user, String password) {
    if (!authorization.isEmpty() && !authorization.equals(user)) {
      return refused(user, Word.AUTHORIZATIONFAILED, "Nobody may act for somebody else here.");
    }
    if (!password.equals(passwords.get(user))) {
      return refused(user, Word.AUTHENTICATIONFAILED, "Name or password is wrong.");
    }
    Account account =
        new Account(
            user,
            user,
            "",
            Path.of("/nowhere").resolve(user),
            1000,
            1000,
            record.quota(),
            options(record.options()));
    return new SignInStep.Accepted(account, 0, new byte[0]);
  }

  private static Map<String, List<String>> options(String text) {
    Map<String, List<String>> options = new HashMap<>();
    for (String option : text.split(",")) {
      String[] parts = option.split("=", 2);
      options
          .computeIfAbsent(parts[0], name -> new ArrayList<>())
          .add(parts.length == 2 ? parts[1] : "");
    }
    return options;
  }

  private static SignInStep refused(String user, Word code, String text) {
    return new SignInStep.Refused(user, new MailException(code, text), 0, new byte[0]);
  }

  @Override
  public void close() {
    name = null;
  }
}
