package dev.fresco.training.runtime;

import dev.fresco.contracts.ErrorCode;

/** One job that this process runs. */
interface JobRun {

  /** How a run ended. */
  enum End {
    FINISHED,
    /** As it was told to; it can go on. */
    STOPPED,
    FAILED
  }

  /**
   * What came of a run.
   *
   * @param adapterId of the adapter that was published, or null
   * @param code null unless it failed
   * @param message null unless it failed
   */
  record Result(End end, String adapterId, ErrorCode code, String message) {
    static Result finished(String adapterId) {
      return new Result(End.FINISHED, adapterId, null, null);
    }

    static Result stopped() {
      return new Result(End.STOPPED, null, null, null);
    }

    static Result failed(ErrorCode code, String message) {
      return new Result(End.FAILED, null, code, message);
    }
  }

  /**
   * Runs from the newest checkpoint to the end. Once only.
   *
   * @throws InterruptedException if the thread is interrupted; the newest checkpoint stays
   */
  Result run() throws InterruptedException;

  /**
   * Has the run end soon, with a checkpoint. May be called from any thread, also before it runs.
   */
  void stop();
}
