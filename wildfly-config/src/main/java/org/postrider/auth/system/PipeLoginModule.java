package org.postrider.auth.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.Authdaemonrc;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.Evidence;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * Courier's authpipe: a program of the site's own answers everything ({@link PipeProgram}). It is
 * {@code authProg} beside the other settings files, or what {@code AUTHPIPE} in {@code
 * authdaemonrc} names; where there is none, this module rejects. {@code PASSWD2}, a clear password,
 * serves SCRAM.
 *
 * <p>Options, besides those of {@link AccountLoginModule}: {@code program}, another one.
 *
 * <p>{@link FailedLoginException}: the program says {@code FAIL}, or tells no uid, gid or home.
 * {@link TemporaryFailureException}: it cannot be run, ends without an answer, or is killed because
 * it does not answer.
 */
public final class PipeLoginModule extends AccountLoginModule {

  private static final String PROGRAM = "authProg";
  private static final int SETTINGS_MAX = 16;

  private static final Map<Path, WatchedFile<Authdaemonrc>> SETTINGS =
      new LinkedHashMap<>(16, 0.75f, true);

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public PipeLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    PipeProgram program = program();
    return program.isThere()
        ? account(name, program.ask(("PRE . " + service() + " " + name + "\n").getBytes(UTF_8)))
        : Optional.empty();
  }

  @Override
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    byte[] octets = PasswordHash.octets(password);
    if (octets == null) {
      throw refused();
    }
    byte[] data = joined((name + "\n").getBytes(UTF_8), octets, new byte[] {'\n'});
    try {
      return signIn(name, "login", data);
    } finally {
      Arrays.fill(octets, (byte) 0);
      Arrays.fill(data, (byte) 0);
    }
  }

  @Override
  protected AccountPrincipal signIn(String name, Evidence.Cram cram)
      throws FailedLoginException, TemporaryFailureException {
    Base64.Encoder base64 = Base64.getEncoder();
    String response = name + " " + HexFormat.of().formatHex(cram.digest());
    return signIn(
        name,
        cram.hash().mechanism().toLowerCase(Locale.ROOT),
        (base64.encodeToString(cram.challenge())
                + "\n"
                + base64.encodeToString(response.getBytes(UTF_8))
                + "\n")
            .getBytes(UTF_8));
  }

  private AccountPrincipal signIn(String name, String type, byte[] data)
      throws FailedLoginException, TemporaryFailureException {
    PipeProgram program = program();
    if (!program.isThere()) {
      throw refused();
    }
    byte[] head = (service() + "\n" + type + "\n").getBytes(UTF_8);
    byte[] request =
        joined(("AUTH " + (head.length + data.length) + "\n").getBytes(UTF_8), head, data);
    try {
      return account(name, program.ask(request))
          .map(StoredAccount::account)
          .orElseThrow(AccountLoginModule::refused);
    } finally {
      Arrays.fill(request, (byte) 0);
    }
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    PipeProgram program = program();
    if (!program.isThere()) {
      return;
    }
    Path home = home();
    program.list(
        line -> {
          String[] column = line.split("\t", -1);
          if (column.length >= 4) {
            AccountPrincipal.of(
                    home,
                    column[0],
                    "",
                    column[3],
                    column.length > 4 ? column[4] : "",
                    column[1],
                    column[2],
                    "",
                    column.length > 5 ? column[5] : "")
                .ifPresent(account -> action.accept(new StoredAccount(account, Secrets.NONE)));
          }
        });
  }

  @Override
  protected boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    PipeProgram program = program();
    byte[] before = PasswordHash.octets(oldPassword);
    byte[] after = PasswordHash.octets(newPassword);
    if (before == null || after == null || !program.isThere()) {
      return false;
    }
    byte[] request =
        joined(
            ("PASSWD " + service() + "\t" + name + "\t").getBytes(UTF_8),
            before,
            new byte[] {'\t'},
            after,
            new byte[] {'\n'});
    try {
      return program.tell(request);
    } finally {
      Arrays.fill(before, (byte) 0);
      Arrays.fill(after, (byte) 0);
      Arrays.fill(request, (byte) 0);
    }
  }

  private PipeProgram program() throws TemporaryFailureException {
    Optional<String> option = option("program");
    Path etc = DataDirectory.etc(home());
    String named =
        option.isPresent() ? option.get() : settings(etc).value("AUTHPIPE").orElse(PROGRAM);
    return PipeProgram.at(etc.resolve(named));
  }

  private static Authdaemonrc settings(Path etc) throws TemporaryFailureException {
    WatchedFile<Authdaemonrc> settings;
    synchronized (SETTINGS) {
      settings =
          SETTINGS.computeIfAbsent(
              etc,
              directory ->
                  new WatchedFile<>(
                      directory.resolve("authdaemonrc"),
                      Authdaemonrc.DEFAULT,
                      file -> Authdaemonrc.read(directory)));
      if (SETTINGS.size() > SETTINGS_MAX) {
        SETTINGS.remove(SETTINGS.keySet().iterator().next());
      }
    }
    return settings.get();
  }

  private Optional<StoredAccount> account(String name, List<String> lines)
      throws TemporaryFailureException {
    Map<String, String> fields = new HashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        fields.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    String user = fields.getOrDefault("USERNAME", "");
    if (!user.isEmpty()) {
      Optional<SystemUser> found = SystemUsers.of(Optional.empty(), Optional.empty()).user(user);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      fields.put("UID", String.valueOf(found.get().uid()));
      fields.put("GID", String.valueOf(found.get().gid()));
      fields.putIfAbsent("HOME", found.get().home());
    }
    String address = fields.getOrDefault("ADDRESS", "");
    return AccountPrincipal.of(
            home(),
            address.isEmpty() ? name : address,
            fields.getOrDefault("NAME", ""),
            fields.getOrDefault("HOME", ""),
            fields.getOrDefault("MAILDIR", ""),
            fields.getOrDefault("UID", ""),
            fields.getOrDefault("GID", ""),
            fields.getOrDefault("QUOTA", ""),
            fields.getOrDefault("OPTIONS", ""))
        .map(
            account ->
                new StoredAccount(
                    account,
                    new Secrets(
                        Optional.ofNullable(fields.get("PASSWD")).filter(hash -> !hash.isEmpty()),
                        Optional.ofNullable(fields.get("PASSWD2")).filter(text -> !text.isEmpty()),
                        Map.of())));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all =
        new ByteArrayOutputStream(2048); // seldom grows, so leaves no copies
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
