package dev.fresco.worker.job;

import dev.fresco.engine.PictureRequest;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.cost.StepWork;
import java.util.List;

/** Pictures that go through the loop under one name, and leave it together. */
public interface BatchRun {
  /** The job's id, in every member's name. */
  String jobId();

  List<MemberId> members();

  /** What a picture is painted from. */
  PictureRequest picture(int image);

  /** What a picture asks of a step: pixels in each of its rows. */
  long load();

  /**
   * What the step that some of its pictures have just taken had to do: what of their {@link #load}
   * was computed, as operations, and what came from a recording, as bytes. It is asked after each
   * step.
   */
  StepWork worked(int pictures);

  /** Steps of each picture: as the engine counts them, once it does. */
  int stepsPerPicture();

  /** The engine counts so many steps for each picture. */
  void counted(int steps);

  /** Whether it is of no use any more. */
  boolean hasEnded();

  /** Lets go of what was held for it; its pictures are in no batch any more. */
  void release();
}
