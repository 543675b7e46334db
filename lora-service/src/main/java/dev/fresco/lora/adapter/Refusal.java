package dev.fresco.lora.adapter;

import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.util.List;

/** Says why an uploaded file cannot be an adapter. */
final class Refusal {
  static final String FILE = "file";
  static final String CONFIG = "config";

  private static final int LONGEST_TEXT = 400;

  private Refusal() {}

  /** The file as a whole is wrong. */
  static ProblemException of(String part, String problem) {
    return refused(part, null, problem);
  }

  /** One of its keys is. */
  static ProblemException ofKey(String part, String key, String problem) {
    return refused(part, key, "has the key " + shortened(key) + ", which " + problem);
  }

  private static ProblemException refused(String part, String key, String problem) {
    return ProblemException.invalid(List.of(new FieldProblem(part, key, null, shortened(problem))));
  }

  /** Keys and values come from the file, and may be of any length. */
  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
