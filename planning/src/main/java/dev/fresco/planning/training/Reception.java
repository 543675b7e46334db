package dev.fresco.planning.training;

/** What a report of a stage is, beside those that came before. */
public enum Reception {
  NEW,
  /** It came before; nothing changes. */
  REPEATED,
  /** A later one of its stage came before; it is not used. */
  LATE
}
