package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.MessageProp;
import org.ietf.jgss.Oid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.AuthChain;
import org.postrider.auth.Kdc;

/**
 * Tickets of a real KDC, used by the JDK's client. MIT's clients meet the whole server elsewhere.
 */
class GssapiTest {

  private static final String SETTINGS = "java.security.krb5.conf";
  private static final String REALMS = "postrider.kerberos.realms";

  @TempDir static Path directory;

  private static Kdc kdc;
  private static Path keytab;
  private static Subject ann;
  private static Subject stranger;
  private static Subject unknown;

  @TempDir Path home;

  private SaslMechanisms site;

  @BeforeAll
  static void startKdc() throws Exception {
    kdc = Kdc.start(directory.resolve("kdc"));
    kdc.addUser("ann", "secret");
    kdc.addUser("unknown", "secret");
    kdc.addUser("ann@" + Kdc.TRUSTED, "secret");
    keytab = directory.resolve("keytab");
    kdc.addService("imap/localhost", keytab);
    kdc.addService("host/localhost", keytab);
    System.setProperty(SETTINGS, kdc.configuration().toString());
    ann = subject("ann");
    stranger = subject("ann@" + Kdc.TRUSTED);
    unknown = subject("unknown");
  }

  @AfterAll
  static void stopKdc() throws Exception {
    System.clearProperty(SETTINGS);
    kdc.close();
  }

  /** Somebody who has signed in to Kerberos. */
  private static Subject subject(String principal) throws Exception {
    Configuration krb5 =
        new Configuration() {
          @Override
          public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {
              new AppConfigurationEntry(
                  "com.sun.security.auth.module.Krb5LoginModule",
                  LoginModuleControlFlag.REQUIRED,
                  Map.of("refreshKrb5Config", "true"))
            };
          }
        };
    Subject subject = new Subject();
    new LoginContext(
            "client",
            subject,
            callbacks -> {
              for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                  name.setName(principal);
                } else if (callback instanceof PasswordCallback password) {
                  password.setPassword("secret".toCharArray());
                }
              }
            },
            krb5)
        .login();
    return subject;
  }

  @BeforeEach
  void writeSettings() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    write(
        "userdb",
        "ann\tuid=1|gid=1|home=/home/ann\nbob\tuid=2|gid=2|home=/home/bob\n".getBytes(UTF_8));
    write("imap.keytab", Files.readAllBytes(keytab));
    site = new SaslMechanisms(home, new AuthChain(home));
  }

  @AfterEach
  void acceptRealmsAsBefore() {
    System.clearProperty(REALMS);
  }

  private void write(String name, byte[] octets) throws Exception {
    Path file = Files.write(home.resolve("etc").resolve(name), octets);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static SaslPeer peer(DefaultDomain domain) {
    return new SaslPeer(
        "imap",
        "localhost",
        Optional.empty(),
        false,
        Optional.empty(),
        Set.of("GSSAPI"),
        "",
        domain);
  }

  private SaslExchange open() throws Exception {
    return site.open("GSSAPI", peer(DefaultDomain.NONE)).orElseThrow();
  }

  private static <T> T as(Subject subject, Callable<T> work) {
    return Subject.callAs(subject, work);
  }

  /** The whole sign-in with the JDK's SASL client, as Jakarta Mail does it. */
  private SaslStep signIn(Subject subject, String authorization) throws Exception {
    return signIn(subject, authorization, peer(DefaultDomain.NONE));
  }

  private SaslStep signIn(Subject subject, String authorization, SaslPeer peer) throws Exception {
    try (SaslExchange exchange = site.open("GSSAPI", peer).orElseThrow()) {
      return as(
          subject,
          () -> {
            SaslClient client =
                Sasl.createSaslClient(
                    new String[] {"GSSAPI"}, authorization, "imap", "localhost", Map.of(), null);
            try {
              SaslStep step = exchange.begin(Optional.of(client.evaluateChallenge(new byte[0])));
              while (step instanceof SaslStep.Challenge challenge) {
                step = exchange.answer(client.evaluateChallenge(challenge.octets()));
              }
              return step;
            } finally {
              client.dispose();
            }
          });
    }
  }

  /** A client that can do what a SASL client would not. */
  private static final class Client implements AutoCloseable {

    private final GSSContext context;

    Client(Subject subject, String service, boolean mutual) {
      context =
          as(
              subject,
              () -> {
                GSSManager manager = GSSManager.getInstance();
                GSSContext made =
                    manager.createContext(
                        manager.createName(service, GSSName.NT_HOSTBASED_SERVICE),
                        new Oid("1.2.840.113554.1.2.2"),
                        null,
                        GSSContext.DEFAULT_LIFETIME);
                made.requestMutualAuth(mutual);
                made.requestInteg(true);
                return made;
              });
    }

    byte[] token(Subject subject, byte[] answer) {
      return as(subject, () -> context.initSecContext(answer, 0, answer.length));
    }

    byte[] choice(int layer, String authorization) throws GSSException {
      byte[] name = authorization.getBytes(UTF_8);
      byte[] choice = Arrays.copyOf(new byte[] {(byte) layer, 0, 0, 0}, 4 + name.length);
      System.arraycopy(name, 0, choice, 4, name.length);
      return context.wrap(choice, 0, choice.length, new MessageProp(0, false));
    }

    byte[] offer(SaslStep step) throws GSSException {
      byte[] offer = ((SaslStep.Challenge) step).octets();
      return context.unwrap(offer, 0, offer.length, new MessageProp(0, false));
    }

    @Override
    public void close() throws GSSException {
      context.dispose();
    }
  }

  private static void isAccount(SaslStep step, String account) {
    assertThat(step)
        .isInstanceOfSatisfying(
            SaslStep.Accepted.class,
            accepted -> assertThat(accepted.account().name()).isEqualTo(account));
  }

  private static void isRefused(SaslStep step, SaslStep.Reason reason) {
    assertThat(step)
        .isInstanceOfSatisfying(
            SaslStep.Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Test
  void ticketOpensTheAccountOfItsPrincipal() throws Exception {
    isAccount(signIn(ann, null), "ann");
  }

  @Test
  void accountMayBeNamedInAnyOfThePrincipalsWays() throws Exception {
    isAccount(signIn(ann, "ann"), "ann");
    Files.writeString(home.resolve("etc/userdb"), "ann@example.org\tuid=1|gid=1|home=/home/ann\n");
    isAccount(signIn(ann, ""), "ann@example.org");
    isAccount(signIn(ann, "ann@example.org"), "ann@example.org");
    isAccount(signIn(ann, "ann"), "ann@example.org");
    isAccount(signIn(ann, "ann@EXAMPLE.ORG"), "ann@example.org");
  }

  @Test
  void siteWithADefaultDomainAddsIt() throws Exception {
    Files.writeString(home.resolve("etc/userdb"), "ann@mail.example\tuid=1|gid=1|home=/home/ann\n");
    SaslPeer peer = peer(new DefaultDomain("@mail.example", ""));
    isAccount(signIn(ann, "", peer), "ann@mail.example");
    isAccount(signIn(ann, "ann", peer), "ann@mail.example");
    isAccount(signIn(ann, "ann@mail.example", peer), "ann@mail.example");
  }

  @Test
  void nobodyActsForSomebodyElse() throws Exception {
    isRefused(signIn(ann, "bob"), SaslStep.Reason.AUTHORIZATION);
  }

  @Test
  void ticketWithoutAnAccountIsRefused() throws Exception {
    isRefused(signIn(unknown, ""), SaslStep.Reason.TICKET);
    isRefused(signIn(unknown, "ann"), SaslStep.Reason.TICKET);
  }

  @Test
  void sameNameInATrustedRealmIsSomebodyElse() throws Exception {
    isRefused(firstAnswer(stranger), SaslStep.Reason.TICKET);
    System.setProperty(REALMS, Kdc.REALM + ", " + Kdc.TRUSTED);
    isRefused(signIn(stranger, "ann"), SaslStep.Reason.TICKET);
    Files.writeString(
        home.resolve("etc/userdb"),
        "ann\tuid=1|gid=1|home=/a\nann@strangers.example\tuid=3|gid=3|home=/b\n");
    isAccount(signIn(stranger, ""), "ann@strangers.example");
    isRefused(signIn(stranger, "ann"), SaslStep.Reason.AUTHORIZATION);
    isAccount(signIn(ann, ""), "ann");
  }

  private SaslStep firstAnswer(Subject subject) throws Exception {
    try (SaslExchange exchange = open();
        Client client = new Client(subject, "imap@localhost", true)) {
      return exchange.begin(Optional.of(client.token(subject, new byte[0])));
    }
  }

  @Test
  void onlyNoLayerIsOfferedAndCanBeChosen() throws Exception {
    for (int layer : new int[] {0, 2, 3, 4, 7}) {
      try (SaslExchange exchange = open();
          Client client = new Client(ann, "imap@localhost", false)) {
        SaslStep offered = exchange.begin(Optional.of(client.token(ann, new byte[0])));
        assertThat(client.offer(offered)).containsExactly(1, 0, 0, 0);
        assertThat(exchange.answer(client.choice(layer, "")))
            .isInstanceOf(SaslStep.Malformed.class);
      }
    }
  }

  @Test
  void clientThatAsksForNoAnswerIsOfferedTheLayersAtOnce() throws Exception {
    try (SaslExchange exchange = open();
        Client client = new Client(ann, "imap@localhost", false)) {
      SaslStep asked = exchange.begin(Optional.empty());
      assertThat(((SaslStep.Challenge) asked).octets()).isEmpty();
      client.offer(exchange.answer(client.token(ann, new byte[0])));
      assertThat(exchange.name()).isEqualTo("ann@EXAMPLE.ORG");
      isAccount(exchange.answer(client.choice(1, "")), "ann");
    }
  }

  @Test
  void tokenThatWasSeenIsRefused() throws Exception {
    byte[] token;
    try (SaslExchange exchange = open();
        Client client = new Client(ann, "imap@localhost", true)) {
      token = client.token(ann, new byte[0]);
      assertThat(exchange.begin(Optional.of(token))).isInstanceOf(SaslStep.Challenge.class);
    }
    try (SaslExchange again = open()) {
      isRefused(again.begin(Optional.of(token)), SaslStep.Reason.TICKET);
    }
  }

  @Test
  void ticketForAnotherServiceIsRefused() throws Exception {
    try (SaslExchange exchange = open();
        Client client = new Client(ann, "host@localhost", true)) {
      isRefused(
          exchange.begin(Optional.of(client.token(ann, new byte[0]))), SaslStep.Reason.TICKET);
    }
  }

  @Test
  void octetsThatAreNoTokenAreRefused() throws Exception {
    byte[] token;
    try (Client client = new Client(ann, "imap@localhost", true)) {
      token = client.token(ann, new byte[0]);
    }
    List<byte[]> wrong = new ArrayList<>(List.of("garbage".getBytes(UTF_8), new byte[1000]));
    for (int length = 1; length < token.length; length += 37) {
      wrong.add(Arrays.copyOf(token, length));
    }
    for (int at = 20; at < token.length; at += 41) {
      byte[] damaged = token.clone();
      damaged[at] ^= 0x55;
      wrong.add(damaged);
    }
    for (byte[] octets : wrong) {
      try (SaslExchange exchange = open()) {
        isRefused(exchange.begin(Optional.of(octets)), SaslStep.Reason.TICKET);
      }
    }
    for (byte[] octets : List.of(new byte[0], new byte[64 * 1024 + 1])) {
      try (SaslExchange exchange = open()) {
        assertThat(exchange.begin(Optional.of(octets))).isInstanceOf(SaslStep.Malformed.class);
      }
    }
  }

  @Test
  void choiceThatWasNotWrappedIsRefused() throws Exception {
    for (byte[] octets : List.of(new byte[0], new byte[] {1, 0, 0, 0}, new byte[70_000])) {
      try (SaslExchange exchange = open();
          Client client = new Client(ann, "imap@localhost", false)) {
        client.offer(exchange.begin(Optional.of(client.token(ann, new byte[0]))));
        assertThat(exchange.answer(octets)).isNotInstanceOf(SaslStep.Accepted.class);
      }
    }
  }

  @Test
  void isAnnouncedOnlyWhereThereIsAKey() throws Exception {
    SaslPeer peer = peer(DefaultDomain.NONE);
    assertThat(site.announced(peer)).containsExactly("GSSAPI");
    write("imap.keytab", new byte[] {5, 2});
    assertThat(site.announced(peer)).isEmpty();
    assertThat(site.open("GSSAPI", peer)).isEmpty();
    Files.delete(home.resolve("etc/imap.keytab"));
    site = new SaslMechanisms(home, new AuthChain(home));
    assertThat(site.announced(peer)).isEmpty();
    write("imap.keytab", "no keytab".getBytes(UTF_8));
    site = new SaslMechanisms(home, new AuthChain(home));
    assertThat(site.announced(peer)).isEmpty();
  }

  @Test
  void keyThatWasRenewedCountsAtOnce() throws Exception {
    isAccount(signIn(ann, ""), "ann");
    Path later = directory.resolve("later");
    kdc.addService("imap/later.example", later);
    write("imap.keytab", Files.readAllBytes(later));
    try (SaslExchange exchange = open();
        Client client = new Client(ann, "imap@later.example", false)) {
      client.offer(exchange.begin(Optional.of(client.token(ann, new byte[0]))));
      isAccount(exchange.answer(client.choice(1, "")), "ann");
    }
    isRefused(firstAnswer(ann), SaslStep.Reason.TICKET);
  }
}
