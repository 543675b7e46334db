package dev.fresco.planning.routing;

import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.cost.StepCost;
import java.util.Arrays;

/**
 * A worker's batch, run ahead on paper.
 *
 * <p>Goal: when a job would be done there, from the masks of the batch and the steps that are left.
 *
 * <p>Constraints: asked for every worker and job, so no objects are made: one forecast serves all
 * workers, one after the other. Not safe for threads.
 *
 * <p>Algorithm: pictures that wait take the slots in their order as these become free. Between two
 * pictures that join or leave, the batch is the same and so all steps last equally long: what
 * {@link StepCost} says of the sum of ratios (what is computed) and the sum of the rest (what is
 * loaded). So time goes from one change to the next, not from step to step.
 *
 * <p>Example: a step takes 10 ms and 100 more for each whole picture. A picture of ratio .4 has 5
 * steps left; one of ratio .1 with 10 steps joins: 5 steps of 60 ms, then 5 of 20, done after 400.
 */
final class BatchForecast {
  private int[] stepsLeft = new int[16];
  private double[] ratio = new double[16];
  private int running;
  private int slots;
  private double computed;
  private double loaded;
  private double millis;
  private StepCost cost;

  /** The worker as it is now, with all that it has been given. */
  void start(WorkerView worker, StepCost stepCost) {
    cost = stepCost;
    slots = worker.status().slots();
    running = 0;
    computed = 0;
    loaded = 0;
    millis = 0;
    for (WorkerStatus.Member member : worker.status().members()) {
      if (member.stepsTotal() > member.stepsDone()) {
        join(member.stepsTotal() - member.stepsDone(), member.ratio());
      }
    }
    for (WorkerStatus.Waiting waiting : worker.status().waiting()) {
      letIn(waiting.pictures(), waiting.steps(), waiting.ratio(), 0);
    }
    for (InFlight given : worker.inFlight()) {
      letIn(given.pictures(), given.steps(), given.ratio(), 0);
    }
  }

  /**
   * When the last picture of one more job is done, in milliseconds from now.
   *
   * @param readyMillis before which no picture of it can start
   * @param recorded whether its first picture has a whole one beside it that makes the recording
   */
  double finish(int pictures, int steps, double share, double readyMillis, boolean recorded) {
    if (recorded) {
      // It takes no slot, but it takes time.
      letIn(1, steps, share, readyMillis);
      slots++;
      join(steps, 1);
      letIn(pictures - 1, steps, share, readyMillis);
    } else {
      letIn(pictures, steps, share, readyMillis);
    }
    // Its pictures are equally long, so the last to join is the last to end.
    for (int left = steps; left > 0; ) {
      left -= advance(left);
    }
    return millis;
  }

  private void letIn(int pictures, int steps, double share, double readyMillis) {
    for (int picture = 0; picture < pictures; picture++) {
      while (running >= slots) {
        advance(Integer.MAX_VALUE);
      }
      while (millis < readyMillis) {
        waitFor(readyMillis);
      }
      join(steps, share);
    }
  }

  private void waitFor(double readyMillis) {
    double stepMillis = cost.millis(computed, loaded);
    if (running == 0 || stepMillis <= 0) {
      millis = readyMillis;
    } else {
      advance((int) Math.min(Integer.MAX_VALUE, Math.ceil((readyMillis - millis) / stepMillis)));
    }
  }

  private void join(int steps, double share) {
    if (running == stepsLeft.length) {
      stepsLeft = Arrays.copyOf(stepsLeft, 2 * running);
      ratio = Arrays.copyOf(ratio, 2 * running);
    }
    stepsLeft[running] = steps;
    ratio[running] = share;
    running++;
    computed += share;
    loaded += 1 - share;
  }

  /** Takes steps until a picture leaves, at most so many; returns how many. */
  private int advance(int most) {
    int steps = most;
    for (int i = 0; i < running; i++) {
      steps = Math.min(steps, stepsLeft[i]);
    }
    millis += steps * cost.millis(computed, loaded);
    for (int i = running - 1; i >= 0; i--) {
      stepsLeft[i] -= steps;
      if (stepsLeft[i] == 0) {
        leave(i);
      }
    }
    return steps;
  }

  private void leave(int i) {
    computed -= ratio[i];
    loaded -= 1 - ratio[i];
    running--;
    stepsLeft[i] = stepsLeft[running];
    ratio[i] = ratio[running];
  }
}
