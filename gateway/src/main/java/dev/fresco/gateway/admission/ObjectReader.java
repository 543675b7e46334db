package dev.fresco.gateway.admission;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a JSON object. Nothing is converted: a number in quotes is no number, and
 * 20.0 is no whole one. What is unknown or of the wrong type is noted, and reading goes on.
 */
final class ObjectReader {
  private static final String OBJECT = "an object";
  private static final String TEXT = "a string";
  private static final String BASE64 = "base64 text";
  private static final String YES_OR_NO = "true or false";
  private static final String INTEGER = "an integer";
  private static final String NUMBER = "a number";
  private static final String TIME = "a time such as 2030-01-01T00:00:00Z";
  private static final String LABELS = "an object of strings";
  private static final String LIST = "a list of objects";

  private final JsonNode object;
  private final String path;
  private final List<Fault> faults;

  private ObjectReader(JsonNode object, String path, List<Fault> faults) {
    this.object = object;
    this.path = path;
    this.faults = faults;
  }

  /**
   * A reader of a request's body, from which readers of the objects in it come.
   *
   * @param known its fields
   * @param faults to which what is wrong is added
   */
  static ObjectReader ofBody(JsonNode body, List<String> known, List<Fault> faults) {
    if (!body.isObject()) {
      faults.add(Fault.wrongType("body", body.toString(), OBJECT));
    }
    return new ObjectReader(body, "", faults).knowing(known);
  }

  private ObjectReader knowing(List<String> known) {
    object.properties().stream()
        .filter(property -> !known.contains(property.getKey()))
        .forEach(
            property ->
                faults.add(
                    Fault.unknownField(
                        path + property.getKey(), property.getValue().toString(), known)));
    return this;
  }

  private JsonNode value(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  String text(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isString() ? value.stringValue() : wrong(field, value, TEXT);
  }

  byte[] base64(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    try {
      return value.isString()
          ? Base64.getDecoder().decode(value.stringValue())
          : wrong(field, value, BASE64);
    } catch (IllegalArgumentException e) {
      return wrong(field, value, BASE64);
    }
  }

  Long integer(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isIntegralNumber() && value.canConvertToLong()
        ? Long.valueOf(value.longValue())
        : wrong(field, value, value.isIntegralNumber() ? "an integer of 64 bits" : INTEGER);
  }

  Boolean yesOrNo(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isBoolean()
        ? Boolean.valueOf(value.booleanValue())
        : wrong(field, value, YES_OR_NO);
  }

  Double number(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isNumber() ? Double.valueOf(value.asDouble()) : wrong(field, value, NUMBER);
  }

  Instant time(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    try {
      return value.isString()
          ? OffsetDateTime.parse(value.stringValue()).toInstant()
          : wrong(field, value, TIME);
    } catch (DateTimeException e) {
      return wrong(field, value, TIME);
    }
  }

  Map<String, String> labels(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      return wrong(field, value, LABELS);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> label : value.properties()) {
      if (label.getValue().isString()) {
        labels.put(label.getKey(), label.getValue().stringValue());
      } else {
        wrong(field + "." + Fault.shorten(label.getKey()), label.getValue(), TEXT);
      }
    }
    return labels;
  }

  /** An object, or null if it is left out or none. */
  <T> T object(String field, List<String> known, Function<ObjectReader, T> read) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isObject()
        ? read.apply(new ObjectReader(value, path + field + ".", faults).knowing(known))
        : wrong(field, value, OBJECT);
  }

  /** A list of objects, one that is none read as empty; null if the list is left out or none. */
  <T> List<T> objects(String field, List<String> known, Function<ObjectReader, T> read) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isArray()) {
      return wrong(field, value, LIST);
    }
    List<T> all = new ArrayList<>();
    for (int index = 0; index < value.size(); index++) {
      String place = field + "[" + index + "]";
      JsonNode item = value.get(index);
      if (!item.isObject()) {
        wrong(place, item, OBJECT);
      }
      all.add(read.apply(new ObjectReader(item, path + place + ".", faults).knowing(known)));
    }
    return all;
  }

  private <T> T wrong(String field, JsonNode value, String type) {
    faults.add(Fault.wrongType(path + field, value.toString(), type));
    return null;
  }
}
