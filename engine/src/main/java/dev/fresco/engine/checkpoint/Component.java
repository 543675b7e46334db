package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.List;

/** One network of a checkpoint: its configuration and its weights. */
public interface Component {
  /**
   * The configuration, read anew.
   *
   * @throws EngineException if it is missing or damaged
   */
  ConfigJson config();

  /**
   * Opens the weights, full precision before fp16 where both are there. The caller closes them.
   *
   * @throws EngineException if there are none, or naming what is wrong with them
   */
  TensorSource weights();

  /**
   * The files that a load reads.
   *
   * @throws EngineException if there are no weights
   */
  List<Path> files();

  /** The class that the configuration is for, in diffusers' or transformers' spelling. */
  default String className() {
    return config().className();
  }

  /**
   * Refuses another network.
   *
   * @return the configuration
   * @throws EngineException naming the file, the class found and the one expected
   */
  default ConfigJson configOf(String expectedClass) {
    ConfigJson config = config();
    String found = config.className();
    if (!found.equals(expectedClass)) {
      throw new EngineException(
          config.source() + ": is for " + found + "; expected " + expectedClass);
    }
    return config;
  }
}
