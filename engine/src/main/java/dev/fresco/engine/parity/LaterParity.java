package dev.fresco.engine.parity;

import java.util.List;
import java.util.Map;

/** What such folders hold that the engine does not do yet. */
public final class LaterParity implements ParityCheck {
  private static final Map<String, String> PARTS = Map.of("edit", "masked edits");

  @Override
  public boolean reads(GoldenFile golden) {
    return PARTS.containsKey(golden.part());
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    return List.of(ParityRow.unsupported(golden, PARTS.get(golden.part())));
  }
}
