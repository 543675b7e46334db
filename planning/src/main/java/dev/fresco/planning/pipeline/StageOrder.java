package dev.fresco.planning.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The order of one stage while it is written; microbatches of a kind and chunk go by number. */
final class StageOrder {
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Kind, int[]> written = new EnumMap<>(Kind.class);

  StageOrder(int chunks) {
    for (Kind kind : Kind.values()) {
      written.put(kind, new int[chunks]);
    }
  }

  /** Appends the next microbatch of a kind. */
  void add(Kind kind, int chunk) {
    operations.add(new Operation(kind, written.get(kind)[chunk]++, chunk));
  }

  /** Appends the next microbatch of a kind, chunk 0. */
  void add(Kind kind) {
    add(kind, 0);
  }

  /** How many of a kind there are. */
  int count(Kind kind, int chunk) {
    return written.get(kind)[chunk];
  }

  int count(Kind kind) {
    return count(kind, 0);
  }

  List<Operation> operations() {
    return operations;
  }
}
