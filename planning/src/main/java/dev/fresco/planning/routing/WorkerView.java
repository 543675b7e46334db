package dev.fresco.planning.routing;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.worker.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A worker as the router sees it: what it last said, and what it was given since.
 *
 * @param inFlight given to it and not yet named by its status
 * @param reserved kept free for a larger job that goes first
 */
public record WorkerView(WorkerStatus status, List<InFlight> inFlight, boolean reserved) {
  public WorkerView {
    Require.present("status", status);
    inFlight = List.copyOf(inFlight);
  }

  public String workerId() {
    return status.workerId();
  }

  /** Pictures in the batch, before it, and on their way to it. */
  public int load() {
    int pictures = status.members().size();
    for (WorkerStatus.Waiting waiting : status.waiting()) {
      pictures += waiting.pictures();
    }
    for (InFlight given : inFlight) {
      pictures += given.pictures();
    }
    return pictures;
  }

  /** Pictures that it can still take; negative when it holds more than fits. */
  public int room() {
    return status.slots() + status.lookAhead() - load();
  }

  /** Whether it can take a job; an empty worker takes any, or a job above its slots never went. */
  public boolean fits(int pictures) {
    return !reserved && (pictures <= room() || load() == 0);
  }

  /** Whether it can take anything at all. */
  public boolean isOpen() {
    return fits(1);
  }

  public WorkerView given(InFlight job) {
    List<InFlight> more = new ArrayList<>(inFlight);
    more.add(job);
    return new WorkerView(status, more, reserved);
  }

  public WorkerView reserve() {
    return new WorkerView(status, inFlight, true);
  }

  /**
   * After how many steps of the batch a job would be done, if each picture took the slot that
   * becomes free first, those that are there already before it.
   *
   * <p>Example: 2 slots, members with 3 and 8 steps left, one picture of 4 steps waiting: it runs
   * from 3 to 7. A job of one picture and 5 steps then runs from 7 to 12.
   */
  public int stepsUntilDone(int pictures, int steps) {
    if (load() + pictures <= status.slots()) {
      return steps;
    }
    PriorityQueue<Integer> slotFreeAt = new PriorityQueue<>();
    status.members().forEach(member -> slotFreeAt.add(member.stepsTotal() - member.stepsDone()));
    while (slotFreeAt.size() < status.slots()) {
      slotFreeAt.add(0);
    }
    status.waiting().forEach(waiting -> run(slotFreeAt, waiting.pictures(), waiting.steps()));
    inFlight.forEach(given -> run(slotFreeAt, given.pictures(), given.steps()));
    return run(slotFreeAt, pictures, steps);
  }

  /** Returns when the last of the pictures is done. */
  private static int run(PriorityQueue<Integer> slotFreeAt, int pictures, int steps) {
    int done = 0;
    for (int picture = 0; picture < pictures; picture++) {
      int end = slotFreeAt.remove() + steps;
      slotFreeAt.add(end);
      done = Math.max(done, end);
    }
    return done;
  }
}
