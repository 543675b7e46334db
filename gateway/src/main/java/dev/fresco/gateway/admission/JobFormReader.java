package dev.fresco.gateway.admission;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads the form from JSON. Nothing is converted: a number in quotes is no number, and 20.0 is no
 * whole one. What is unknown or of the wrong type is noted, and reading goes on.
 */
final class JobFormReader {
  private static final String TEXT = "a string";
  private static final String INTEGER = "an integer";
  private static final String NUMBER = "a number";
  private static final String TIME = "a time such as 2030-01-01T00:00:00Z";
  private static final String LABELS = "an object of strings";

  private final JsonNode body;
  private final List<Fault> faults = new ArrayList<>();

  private JobFormReader(JsonNode body) {
    this.body = body;
  }

  /** A form, and what could not be read of it. */
  record Reading(JobForm form, List<Fault> faults) {}

  static Reading read(JsonNode body) {
    JobFormReader reader = new JobFormReader(body);
    JobForm form = reader.form();
    return new Reading(form, List.copyOf(reader.faults));
  }

  private JobForm form() {
    if (!body.isObject()) {
      faults.add(Fault.wrongType("body", body.toString(), "an object"));
    }
    body.properties().stream()
        .filter(property -> !JobForm.FIELDS.contains(property.getKey()))
        .forEach(
            property ->
                faults.add(
                    Fault.unknownField(
                        property.getKey(), property.getValue().toString(), JobForm.FIELDS)));
    return new JobForm(
        text("kind"),
        text("model"),
        text("prompt"),
        text("negativePrompt"),
        integer("width"),
        integer("height"),
        integer("steps"),
        number("guidanceScale"),
        text("sampler"),
        integer("seed"),
        integer("count"),
        text("priority"),
        time("deadline"),
        labels());
  }

  private JsonNode value(String field) {
    JsonNode value = body.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private String text(String field) {
    JsonNode value = value(field);
    return value == null || value.isString()
        ? (value == null ? null : value.stringValue())
        : wrong(field, value, TEXT);
  }

  private Long integer(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isIntegralNumber() && value.canConvertToLong()
        ? Long.valueOf(value.longValue())
        : wrong(field, value, value.isIntegralNumber() ? "an integer of 64 bits" : INTEGER);
  }

  private Double number(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    return value.isNumber() ? Double.valueOf(value.asDouble()) : wrong(field, value, NUMBER);
  }

  private Instant time(String field) {
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

  private Map<String, String> labels() {
    JsonNode value = value("labels");
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      return wrong("labels", value, LABELS);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> label : value.properties()) {
      if (label.getValue().isString()) {
        labels.put(label.getKey(), label.getValue().stringValue());
      } else {
        wrong("labels." + Fault.shorten(label.getKey()), label.getValue(), TEXT);
      }
    }
    return labels;
  }

  private <T> T wrong(String field, JsonNode value, String type) {
    faults.add(Fault.wrongType(field, value.toString(), type));
    return null;
  }
}
