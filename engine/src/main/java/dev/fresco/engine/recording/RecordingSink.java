package dev.fresco.engine.recording;

/**
 * Takes what a run of a template leaves behind. Steps come in order, and in each step the same
 * tensors in the same order, which is that of computation. Once it has thrown it is not called
 * again; the run goes on.
 */
public interface RecordingSink {
  /**
   * @param step of the whole schedule, from 0
   * @param tensor its data may be read until the call returns
   */
  void put(int step, RecordedTensor tensor);
}
