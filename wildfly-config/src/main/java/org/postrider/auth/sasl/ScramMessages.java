package org.postrider.auth.sasl;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The two messages of a SCRAM client, as RFC 5802 section 7 spells them. */
final class ScramMessages {

  /** The longest nonce, name and extension together that anybody has use for. */
  private static final int MAX_OCTETS = 8192;

  private ScramMessages() {}

  /**
   * {@code client-first-message = gs2-header client-first-message-bare}
   *
   * @param binding {@code n}: the client knows no channel binding; {@code y}: it does, but thinks
   *     that the server does not; else the type that it uses
   * @param authorization who it wants to be; empty: who it is
   * @param name who it is; not empty
   * @param nonce its part of the nonce
   * @param header the first part, to be repeated with the second message
   * @param bare the second part, which is signed
   */
  record First(
      String binding, String authorization, String name, String nonce, String header, String bare) {

    boolean bindsChannel() {
      return binding.length() > 1;
    }
  }

  /**
   * {@code client-final-message = client-final-message-without-proof "," proof}
   *
   * @param binding header and channel binding data
   * @param nonce both parts
   * @param proof octets
   * @param withoutProof what is signed
   */
  @SuppressWarnings("ArrayRecordComponent") // lives as long as one step
  record Final(byte[] binding, String nonce, byte[] proof, String withoutProof) {}

  /**
   * Reads the first message.
   *
   * @return empty if it is none, or asks for an extension that must be understood
   */
  static Optional<First> first(byte[] message) {
    String text = message.length > MAX_OCTETS ? null : Utf8.text(message, 0, message.length);
    if (text == null) {
      return Optional.empty();
    }
    int afterFlag = text.indexOf(',');
    int afterHeader = text.indexOf(',', afterFlag + 1);
    if (afterFlag < 1 || afterHeader < 0) {
      return Optional.empty();
    }
    Optional<String> binding = binding(text.substring(0, afterFlag));
    Optional<String> authorization = authorization(text.substring(afterFlag + 1, afterHeader));
    String bare = text.substring(afterHeader + 1);
    String[] attributes = bare.split(",", -1);
    if (binding.isEmpty()
        || authorization.isEmpty()
        || attributes.length < 2
        || !attributes[0].startsWith("n=")
        || !attributes[1].startsWith("r=")
        || !areExtensions(attributes, 2, attributes.length)) {
      return Optional.empty();
    }
    Optional<String> name = saslName(attributes[0].substring(2));
    String nonce = attributes[1].substring(2);
    return name.isEmpty() || name.get().isEmpty() || !isNonce(nonce)
        ? Optional.empty()
        : Optional.of(
            new First(
                binding.get(),
                authorization.get(),
                name.get(),
                nonce,
                text.substring(0, afterHeader + 1),
                bare));
  }

  /** {@code gs2-cbind-flag = ("p=" cb-name) / "n" / "y"} */
  private static Optional<String> binding(String flag) {
    if (flag.equals("n") || flag.equals("y")) {
      return Optional.of(flag);
    }
    String type = flag.startsWith("p=") ? flag.substring(2) : "";
    return type.length() > 1 && type.length() <= 64 && type.chars().allMatch(ScramMessages::isType)
        ? Optional.of(type)
        : Optional.empty();
  }

  private static boolean isType(int c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '-');
  }

  /** {@code [ "a=" saslname ]}, the part of the header that GS2 mechanisms share. */
  static Optional<String> authorization(String attribute) {
    return attribute.isEmpty()
        ? Optional.of("")
        : attribute.startsWith("a=") ? saslName(attribute.substring(2)) : Optional.empty();
  }

  /** {@code =2C} is a comma, {@code =3D} an equals sign, and no other {@code =} may be there. */
  private static Optional<String> saslName(String spelled) {
    StringBuilder name = new StringBuilder(spelled.length());
    for (int i = 0; i < spelled.length(); i++) {
      char c = spelled.charAt(i);
      if (c == '=') {
        boolean comma = spelled.startsWith("=2C", i);
        if (!comma && !spelled.startsWith("=3D", i)) {
          return Optional.empty();
        }
        name.append(comma ? ',' : '=');
        i += 2;
      } else if (c == '\0') {
        return Optional.empty();
      } else {
        name.append(c);
      }
    }
    return Optional.of(name.toString());
  }

  private static boolean isNonce(String nonce) {
    return !nonce.isEmpty() && nonce.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ',');
  }

  /** {@code attr-val = ALPHA "=" value}: unknown ones are passed over. */
  private static boolean areExtensions(String[] attributes, int from, int to) {
    return Arrays.stream(attributes, from, to)
        .allMatch(
            attribute ->
                attribute.length() > 2
                    && Character.isLetter(attribute.charAt(0))
                    && attribute.charAt(0) < 0x80
                    && attribute.charAt(0) != 'm'
                    && attribute.charAt(1) == '='
                    && attribute.indexOf('\0') < 0);
  }

  /**
   * Reads the second message.
   *
   * @return empty if it is none
   */
  static Optional<Final> last(byte[] message) {
    String text = message.length > MAX_OCTETS ? null : Utf8.text(message, 0, message.length);
    if (text == null) {
      return Optional.empty();
    }
    String[] attributes = text.split(",", -1);
    int proof = attributes.length - 1;
    if (proof < 2
        || !attributes[0].startsWith("c=")
        || !attributes[1].startsWith("r=")
        || !attributes[proof].startsWith("p=")
        || !areExtensions(attributes, 2, proof)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Final(
              Base64.getDecoder().decode(attributes[0].substring(2)),
              attributes[1].substring(2),
              Base64.getDecoder().decode(attributes[proof].substring(2)),
              text.substring(0, text.length() - attributes[proof].length() - 1)));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }
}
