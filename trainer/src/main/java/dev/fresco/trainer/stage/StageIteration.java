package dev.fresco.trainer.stage;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a stage has to tell of its passes in one iteration.
 *
 * @param losses by microbatch; empty unless the stage has the last piece
 * @param samples in the order of the schedule
 */
public record StageIteration(SortedMap<Integer, Double> losses, List<OperationSample> samples) {
  public StageIteration {
    losses = Collections.unmodifiableSortedMap(new TreeMap<>(losses));
    samples = List.copyOf(samples);
  }
}
