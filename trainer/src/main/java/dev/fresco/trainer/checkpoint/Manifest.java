package dev.fresco.trainer.checkpoint;

import dev.fresco.contracts.Require;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a checkpoint consists of; it is written last.
 *
 * @param iteration how many iterations are in it
 * @param bytes of each file, by name
 */
record Manifest(long iteration, SortedMap<String, Long> bytes) {
  Manifest {
    Require.present("bytes", bytes);
    bytes = Collections.unmodifiableSortedMap(new TreeMap<>(bytes));
  }
}
