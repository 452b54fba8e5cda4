package org.postrider.auth.sasl;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.x500.X500Principal;
import org.postrider.auth.Evidence;
import org.postrider.auth.TemporaryFailureException;

/**
 * The client is who its certificate says, which the TLS handshake has verified: RFC 4422 appendix
 * A. Which part of the certificate names the account is the administrator's decision, as with
 * Courier's {@code TLS_EXTERNAL}; {@code emailaddress} is also found where certificates have it
 * nowadays, among the alternative names. A certificate with several values of that part names
 * nobody.
 */
final class External implements SaslExchange {

  static final SaslMechanism MECHANISM = new Mechanism();

  /** Parts of a subject as OpenSSL calls them, which RFC 2253 does not name. */
  private static final Map<String, String> OIDS =
      Map.of(
          "1.2.840.113549.1.9.1", "EMAILADDRESS",
          "2.5.4.4", "SURNAME",
          "2.5.4.5", "SERIALNUMBER",
          "2.5.4.12", "TITLE",
          "2.5.4.41", "NAME",
          "2.5.4.42", "GIVENNAME",
          "2.5.4.43", "INITIALS",
          "2.5.4.46", "DNQUALIFIER",
          "0.9.2342.19200300.100.1.3", "MAIL");

  /** Long and short names of the same part. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("COMMONNAME", "CN"),
          Map.entry("EMAIL", "EMAILADDRESS"),
          Map.entry("E", "EMAILADDRESS"),
          Map.entry("USERID", "UID"),
          Map.entry("ORGANIZATIONNAME", "O"),
          Map.entry("ORGANIZATIONALUNITNAME", "OU"),
          Map.entry("COUNTRYNAME", "C"),
          Map.entry("LOCALITYNAME", "L"),
          Map.entry("STATEORPROVINCENAME", "ST"),
          Map.entry("DOMAINCOMPONENT", "DC"),
          Map.entry("SN", "SURNAME"));

  private static final int SUBJECT_ALTERNATIVE_MAIL = 1;

  private final SaslMechanisms site;
  private final SaslPeer peer;
  private final String name;

  private record Mechanism() implements SaslMechanism {

    @Override
    public String name() {
      return "EXTERNAL";
    }

    @Override
    public boolean needsPrivacy() {
      return false;
    }

    @Override
    public boolean isPossible(SaslMechanisms site, SaslPeer peer) {
      return identity(peer).isPresent();
    }

    @Override
    public SaslExchange open(SaslMechanisms site, SaslPeer peer) {
      return new External(site, peer, identity(peer).orElseThrow());
    }
  }

  private External(SaslMechanisms site, SaslPeer peer, String name) {
    this.site = site;
    this.peer = peer;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  /** The response is who the client wants to be; empty: who it is. */
  @Override
  public SaslStep answer(byte[] response) throws TemporaryFailureException {
    String authorization = Utf8.text(response, 0, response.length);
    if (authorization == null || authorization.indexOf('\0') >= 0) {
      return new SaslStep.Malformed("An authorization identity is in UTF-8; this one is not.");
    }
    if (!peer.mayBe(authorization, name)) {
      return new SaslStep.Refused(SaslStep.Reason.AUTHORIZATION);
    }
    try {
      return new SaslStep.Accepted(
          site.chain().signIn(peer.request(name, new Evidence.Vouched())).account());
    } catch (FailedLoginException unknown) {
      return new SaslStep.Refused(SaslStep.Reason.CERTIFICATE);
    }
  }

  /** The name in the client's certificate; empty without a valid one, or a clear name in it. */
  static Optional<String> identity(SaslPeer peer) {
    if (peer.certificateField().isEmpty() || peer.tls().isEmpty()) {
      return Optional.empty();
    }
    Optional<X509Certificate> certificate = certificate(peer.tls().get());
    Set<String> values = new LinkedHashSet<>();
    certificate.ifPresent(valid -> values.addAll(values(valid, peer.certificateField())));
    return values.size() == 1 ? values.stream().findFirst() : Optional.empty();
  }

  private static Optional<X509Certificate> certificate(SSLSession session) {
    try {
      if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
        certificate.checkValidity(); // a session may outlive what it began with
        return Optional.of(certificate);
      }
    } catch (SSLPeerUnverifiedException | CertificateException none) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static List<String> values(X509Certificate certificate, String field) {
    String wanted = field.toUpperCase(Locale.ROOT);
    String name = NAMES.getOrDefault(wanted, wanted);
    List<String> values = subjectValues(certificate.getSubjectX500Principal(), name);
    return values.isEmpty() && name.equals("EMAILADDRESS") ? mailNames(certificate) : values;
  }

  private static List<String> subjectValues(X500Principal subject, String name) {
    List<String> values = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253, OIDS)).getRdns()) {
        NamingEnumeration<? extends Attribute> parts = rdn.toAttributes().getAll();
        while (parts.hasMore()) {
          Attribute part = parts.next();
          if (part.getID().equalsIgnoreCase(name) && part.get() instanceof String value) {
            values.add(value);
          }
        }
      }
    } catch (NamingException noName) {
      return List.of();
    }
    return values;
  }

  private static List<String> mailNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.getFirst().equals(SUBJECT_ALTERNATIVE_MAIL))
              .map(name -> (String) name.getLast())
              .toList();
    } catch (CertificateParsingException broken) {
      return List.of();
    }
  }
}
