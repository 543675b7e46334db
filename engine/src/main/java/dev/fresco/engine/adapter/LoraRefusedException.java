package dev.fresco.engine.adapter;

import dev.fresco.engine.EngineException;

/** A file is no LoRA that can be used; says which key is at fault and why. */
public final class LoraRefusedException extends EngineException {
  private static final int LONGEST_KEY = 200;

  private final String key;
  private final String problem;

  private LoraRefusedException(String message, String key, String problem) {
    super(message);
    this.key = key;
    this.problem = problem;
  }

  /** One key is wrong. */
  static LoraRefusedException ofKey(String file, String key, String problem) {
    return new LoraRefusedException(
        file + ": key " + shortened(key) + " " + problem, shortened(key), problem);
  }

  /** The file as a whole is. */
  static LoraRefusedException ofFile(String file, String problem) {
    return new LoraRefusedException(file + ": " + problem, null, problem);
  }

  /** The key at fault, cut if it is very long; null if it is none in particular. */
  public String key() {
    return key;
  }

  /** What is wrong with the key, or with the file if there is no key. */
  public String problem() {
    return problem;
  }

  /** Keys come from the file, and may be of any length. */
  private static String shortened(String key) {
    return key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "…";
  }
}
