package dev.fresco.benchmarks.routing;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.cost.CostModel;
import dev.fresco.planning.cost.StepCost;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.planning.routing.AtHand;
import dev.fresco.planning.routing.WorkerView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A worker that batches by steps: requests join and leave between two steps, first come, first
 * served, at most {@code slots} at a time. What its steps cost is known to it alone; others see
 * what it says, and it has learnt from its steps.
 */
final class SimulatedWorker {
  private static final ModelCard CARD =
      new ModelCard(
          Workload.MODEL,
          "test",
          "r1",
          8,
          8,
          1024,
          1024,
          1024,
          77,
          List.of("ddim"),
          "ddim",
          50,
          150,
          5,
          30);

  private final String id;
  private final int slots;
  private final StepCost cost;
  private final double noise;
  private final SplittableRandom random;
  private final List<Member> batch = new ArrayList<>();
  private final Deque<Workload.Request> waiting = new ArrayDeque<>();
  private CostModel learnt = CostModel.empty();
  private double stepMillis;
  private boolean stepping;

  /** A request in the batch. */
  static final class Member {
    private final Workload.Request request;
    private int stepsDone;

    Member(Workload.Request request) {
      this.request = request;
    }
  }

  /**
   * @param cost of its steps in whole pictures, computed and loaded
   * @param noise by which share a step may be shorter or longer
   */
  SimulatedWorker(String id, int slots, StepCost cost, double noise, SplittableRandom random) {
    this.id = id;
    this.slots = slots;
    this.cost = cost;
    this.noise = noise;
    this.random = random;
  }

  void give(Workload.Request request) {
    waiting.add(request);
  }

  boolean isIdle() {
    return !stepping;
  }

  /** Requests here, with and without a slot. */
  int requests() {
    return batch.size() + waiting.size();
  }

  /** Tokens of the requests here, in whole pictures: each in full until it is done. */
  double tokens() {
    double tokens = 0;
    for (Member member : batch) {
      tokens += member.request.ratio();
    }
    for (Workload.Request request : waiting) {
      tokens += request.ratio();
    }
    return tokens;
  }

  /** Lets in what fits and starts a step, if there is anything to do; returns its milliseconds. */
  double startStep() {
    while (batch.size() < slots && !waiting.isEmpty()) {
      batch.add(new Member(waiting.remove()));
    }
    stepping = !batch.isEmpty();
    if (!stepping) {
      return 0;
    }
    double computed = 0;
    for (Member member : batch) {
      computed += member.request.ratio();
    }
    StepWork work = new StepWork(computed, batch.size() - computed);
    stepMillis = cost.millis(work) * (1 + noise * (2 * random.nextDouble() - 1));
    learnt = learnt.observed(work, stepMillis);
    return stepMillis;
  }

  /** Ends the step; returns the requests that are done with it. */
  List<Workload.Request> endStep() {
    List<Workload.Request> done = new ArrayList<>();
    batch.forEach(member -> member.stepsDone++);
    for (Member member : batch) {
      if (member.stepsDone == member.request.job().steps()) {
        done.add(member.request);
      }
    }
    batch.removeIf(member -> member.stepsDone == member.request.job().steps());
    return done;
  }

  /** What it would say of itself now. */
  WorkerView view(double atMillis) {
    List<WorkerStatus.Member> members = new ArrayList<>(batch.size());
    for (Member member : batch) {
      Workload.Request request = member.request;
      members.add(
          new WorkerStatus.Member(
              request.job().jobId(), 0, member.stepsDone, request.job().steps(), request.ratio()));
    }
    List<WorkerStatus.Waiting> queue = new ArrayList<>(waiting.size());
    for (Workload.Request request : waiting) {
      queue.add(
          new WorkerStatus.Waiting(
              request.job().jobId(), 1, request.job().steps(), request.ratio()));
    }
    return new WorkerView(
        new WorkerStatus(
            id,
            Workload.time(atMillis),
            List.of(CARD),
            List.of("denoise"),
            slots,
            0,
            members,
            queue,
            List.of(0),
            stepMillis,
            false,
            List.of()),
        List.of(),
        false,
        AtHand.NOTHING,
        learnt.steps() > 0 ? learnt.cost() : null);
  }

  double rSquared() {
    return learnt.rSquared();
  }
}
