package dev.fresco.benchmarks.quality;

/** How an edit may be done with less work than in full. */
enum EditWay {
  /** What the mask reaches is computed, the rest is a recording's that was made with its words. */
  MASKED("masked"),
  /** The same with the recording in half the bytes. */
  MASKED_INT8("masked, int8"),
  /** The same as the first with a recording that was made without words. */
  MASKED_WORDLESS("masked, no words"),
  /** A rectangle around the mask is edited as a picture of its own. */
  CROP("crop and paste"),
  /** Every so many steps the network runs, and between them its last answer is used again. */
  FEWER_STEPS("skipped steps");

  private final String words;

  EditWay(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
