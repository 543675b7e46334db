package dev.fresco.benchmarks.serving;

import java.io.IOException;
import java.util.List;

/** A server of edits that runs in a process of its own. Threads may share it. */
interface EditServer extends AutoCloseable {
  /**
   * Takes the templates, and makes ready what it keeps of them.
   *
   * @param pictures PNG of each
   */
  void prepare(List<byte[]> pictures) throws IOException, InterruptedException;

  /**
   * Asks for an edit and waits for its picture.
   *
   * @return PNG
   * @throws IOException if there comes none
   */
  byte[] edit(Edit edit) throws IOException, InterruptedException;

  /** Ends the process. */
  @Override
  void close();
}
