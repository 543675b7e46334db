package dev.fresco.planning.straggler;

/** Operations of one kind at one place. */
record Operation(String place, OperationKind kind) {
  static Operation of(Sample sample) {
    return new Operation(sample.place(), sample.kind());
  }
}
