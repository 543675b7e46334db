package dev.fresco.trainer.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second run out of a folder of checkpoints. The system lets go of it when the process
 * ends, however that happens.
 */
public final class RunLock implements AutoCloseable {
  private final FileChannel file;

  private RunLock(FileChannel file) {
    this.file = file;
  }

  /**
   * @param root folder of checkpoints; made if it is not there
   * @throws EngineException naming the folder, if another run has it or it cannot be written to
   */
  public static RunLock of(Path root) {
    try {
      Files.createDirectories(root);
      FileChannel file =
          FileChannel.open(
              root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(file)) {
        file.close();
        throw new EngineException(root + ": another run is going on there");
      }
      return new RunLock(file);
    } catch (IOException e) {
      throw new EngineException(root + ": cannot be locked: " + e, e);
    }
  }

  private static boolean lock(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process has it
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new EngineException("a run's lock cannot be released: " + e, e);
    }
  }
}
