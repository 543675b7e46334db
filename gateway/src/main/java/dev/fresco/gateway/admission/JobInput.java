package dev.fresco.gateway.admission;

/** A picture that came with a request, and where it is to lie. */
record JobInput(String objectKey, byte[] bytes) {
  /** Where the inputs of all jobs lie. */
  static final String PREFIX = "inputs";
}
