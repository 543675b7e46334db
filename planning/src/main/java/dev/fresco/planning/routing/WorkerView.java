package dev.fresco.planning.routing;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.cost.StepCost;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker as the router sees it: what it last said, and what it was given since.
 *
 * @param inFlight given to it and not yet named by its status
 * @param reserved kept free for a larger job that goes first
 * @param cost of its steps in whole pictures: what is computed and what is loaded; null before
 *     anything was learnt of it
 */
public record WorkerView(
    WorkerStatus status, List<InFlight> inFlight, boolean reserved, AtHand atHand, StepCost cost) {
  public WorkerView {
    Require.present("status", status);
    inFlight = List.copyOf(inFlight);
    Require.present("atHand", atHand);
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

  /** Whether it can run edits with a recording at once. */
  boolean hasRecording(String recordingId) {
    return atHand.recordings().contains(recordingId);
  }

  /** Whether a job that it was given is making a recording. */
  boolean isMaking(String recordingId) {
    if (atHand.coming().contains(recordingId)) {
      return true;
    }
    for (InFlight given : inFlight) {
      if (recordingId.equals(given.recording())) {
        return true;
      }
    }
    return false;
  }

  public WorkerView given(InFlight job) {
    List<InFlight> more = new ArrayList<>(inFlight);
    more.add(job);
    return new WorkerView(status, more, reserved, atHand, cost);
  }

  public WorkerView reserve() {
    return new WorkerView(status, inFlight, true, atHand, cost);
  }
}
