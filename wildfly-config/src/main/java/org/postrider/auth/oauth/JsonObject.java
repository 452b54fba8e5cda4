package org.postrider.auth.oauth;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of JSON.
 *
 * @param members strings, {@link BigDecimal}s, booleans, lists, objects, and {@link #NULL}
 */
record JsonObject(Map<String, Object> members) {

  /** What {@code null} is read as: nothing that is asked for by a type. */
  static final Object NULL = new Object();

  static JsonObject parse(String text) throws JsonException {
    return JsonReader.object(text);
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  /** Empty if there is no such member, or it is no string, or an empty one. */
  Optional<String> string(String name) {
    return members.get(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Empty if there is no such member, or it is no number. */
  Optional<BigDecimal> number(String name) {
    return members.get(name) instanceof BigDecimal number ? Optional.of(number) : Optional.empty();
  }

  /** False if there is no such member, or it is neither true nor, as some write it, "true". */
  boolean isTrue(String name) {
    return Boolean.TRUE.equals(members.get(name)) || "true".equals(members.get(name));
  }

  /** One string, or those of a list; other elements are left out. */
  List<String> strings(String name) {
    return switch (members.get(name)) {
      case String text -> List.of(text);
      case List<?> list ->
          list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }

  /** The objects of a list; other elements are left out. */
  List<JsonObject> objects(String name) {
    return members.get(name) instanceof List<?> list
        ? list.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList()
        : List.of();
  }
}
