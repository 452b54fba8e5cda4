package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose keys a Kerberos keytab holds; the keys themselves are passed over. The JDK finds the key of
 * a principal in a keytab, but does not tell which principals there are.
 *
 * <p>The format, as MIT Kerberos writes it; numbers are big-endian:
 *
 * <pre>
 * 2 octets   5, 2: the version
 * records, each:
 *   int32    octets that follow; negative: a hole of so many octets; 0: the end
 *   uint16   components of the principal's name, without the realm
 *   counted  the realm: uint16 length, octets
 *   counted  each component
 *   uint32   kind of name
 *   uint32   when it was written, seconds since 1970
 *   uint8    version of the key
 *   uint16   kind of key, and the key, counted
 *   uint32   version of the key, where the record is long enough
 * </pre>
 *
 * @param principals in the order of the file, each once
 */
record Keytab(List<Name> principals) {

  /** No principal: what holds where there is no file. */
  static final Keytab EMPTY = new Keytab(List.of());

  private static final int FILE_MAX_OCTETS = 1024 * 1024;
  private static final int VERSION = 0x0502;

  /**
   * A principal.
   *
   * @param components such as {@code imap} and {@code mail.example.org}
   * @param realm such as {@code EXAMPLE.ORG}
   */
  record Name(List<String> components, String realm) {
    Name {
      components = List.copyOf(components);
    }

    /** Whether it is a service's name on some host: two components, the first as given. */
    boolean isService(String service) {
      return components.size() == 2 && components.getFirst().equals(service);
    }

    /** As Kerberos writes it: {@code imap/mail.example.org@EXAMPLE.ORG}. */
    @Override
    public String toString() {
      return String.join("/", components) + "@" + realm;
    }
  }

  Keytab {
    principals = List.copyOf(principals);
  }

  /** The realms in which there is a key of a service, in the order of the file. */
  List<String> realmsOf(String service) {
    return principals.stream()
        .filter(name -> name.isService(service))
        .map(Name::realm)
        .distinct()
        .toList();
  }

  /**
   * Reads a file of 1 MiB at most, that is not for everybody: whoever has a service's key can sign
   * in to it as anybody.
   *
   * @throws IOException if it cannot be read, or by everybody, or is no keytab; its message has no
   *     full stop
   */
  static Keytab read(Path file) throws IOException {
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      throw new IOException(
          "everybody on this machine can read the keys in it; run: chmod 600 " + file);
    }
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(FILE_MAX_OCTETS + 1);
    }
    try {
      if (octets.length > FILE_MAX_OCTETS) {
        throw new IOException("it is larger than " + FILE_MAX_OCTETS + " octets");
      }
      return parse(octets);
    } finally {
      Arrays.fill(octets, (byte) 0); // keys were in it
    }
  }

  /** Understands what is in a file; linear in its length. */
  static Keytab parse(byte[] octets) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(octets);
    if (in.remaining() < 2 || in.getShort() != VERSION) {
      throw new IOException("it is no Kerberos keytab of version 5.2");
    }
    Set<Name> names = new LinkedHashSet<>();
    while (in.remaining() >= Integer.BYTES) {
      int size = in.getInt();
      if (size == 0) {
        break;
      }
      if (size == Integer.MIN_VALUE || Math.abs(size) > in.remaining()) {
        throw damaged();
      }
      if (size > 0) {
        names.add(name(in.slice(in.position(), size)));
      }
      in.position(in.position() + Math.abs(size));
    }
    return new Keytab(List.copyOf(names));
  }

  private static Name name(ByteBuffer in) throws IOException {
    try {
      int count = Short.toUnsignedInt(in.getShort());
      String realm = counted(in);
      List<String> components = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        components.add(counted(in));
      }
      return new Name(components, realm);
    } catch (BufferUnderflowException tooShort) {
      throw damaged();
    }
  }

  private static String counted(ByteBuffer in) {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    String text = UTF_8.decode(in.slice(in.position(), length)).toString();
    in.position(in.position() + length);
    return text;
  }

  private static IOException damaged() {
    return new IOException("it is a damaged Kerberos keytab: a record is longer than the file");
  }
}
