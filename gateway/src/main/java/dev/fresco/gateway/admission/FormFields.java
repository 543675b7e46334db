package dev.fresco.gateway.admission;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** The names of the fields of a form, in their order. */
final class FormFields {
  private FormFields() {}

  static List<String> of(Class<? extends Record> form) {
    return Arrays.stream(form.getRecordComponents()).map(RecordComponent::getName).toList();
  }
}
