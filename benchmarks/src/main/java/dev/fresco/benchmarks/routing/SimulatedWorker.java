package dev.fresco.benchmarks.routing;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.cost.CostModel;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.planning.routing.AtHand;
import dev.fresco.planning.routing.WorkerView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A worker that batches by steps: requests join and leave between two steps, first come, first
 * served, but for those whose recording is not there yet. What its steps cost is known to it alone;
 * others see what it says, and what it has learnt from its steps.
 */
final class SimulatedWorker {
  static final ModelCard CARD =
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
  private final Machine machine;
  private final SplittableRandom random;
  private final List<Member> batch = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();

  /** When each recording is there; the one used last is the last. */
  private final Map<String, Double> recordings = new LinkedHashMap<>();

  private AtHand atHand = AtHand.NOTHING;
  private CostModel learnt = CostModel.empty();
  private double stepMillis;
  private boolean stepping;

  /** A request in the batch. */
  private static final class Member {
    private final Workload.Request request;
    private int stepsDone;

    Member(Workload.Request request) {
      this.request = request;
    }

    boolean isDone() {
      return stepsDone == request.job().steps();
    }
  }

  private record Waiting(Workload.Request request, double readyMillis) {}

  SimulatedWorker(String id, Machine machine, SplittableRandom random) {
    this.id = id;
    this.machine = machine;
    this.random = random;
  }

  /** Takes a request; fetching what it needs starts at once, beside whatever else is fetched. */
  void give(Workload.Request request, double nowMillis) {
    String recording = request.recording();
    double readyMillis = recording == null ? 0 : fetch(recording, nowMillis);
    waiting.add(new Waiting(request, readyMillis));
  }

  private double fetch(String recording, double nowMillis) {
    Double known = recordings.remove(recording);
    double readyMillis = known == null ? nowMillis + machine.fetchMillis() : known;
    recordings.put(recording, readyMillis);
    if (recordings.size() > machine.recordings()) {
      recordings.remove(recordings.keySet().iterator().next());
    }
    if (known == null) {
      atHand = new AtHand(recordings.keySet(), Set.of(), Set.of());
    }
    return readyMillis;
  }

  boolean isStepping() {
    return stepping;
  }

  /** Requests here, with and without a slot. */
  int requests() {
    return batch.size() + waiting.size();
  }

  /** What the requests here compute, in whole pictures: each in full until it is done. */
  double tokens() {
    double tokens = 0;
    for (Member member : batch) {
      tokens += member.request.ratio();
    }
    for (Waiting each : waiting) {
      tokens += each.request.ratio();
    }
    return tokens;
  }

  /** Lets in what can start and starts a step; returns its milliseconds, 0 if there is none. */
  double startStep(double nowMillis) {
    Iterator<Waiting> queue = waiting.iterator();
    while (batch.size() < machine.slots() && queue.hasNext()) {
      Waiting next = queue.next();
      if (next.readyMillis() <= nowMillis) {
        queue.remove();
        batch.add(new Member(next.request()));
      }
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
    double chance = 1 + machine.noise() * (2 * random.nextDouble() - 1);
    stepMillis = machine.cost().millis(work) * chance;
    learnt = learnt.observed(work, stepMillis);
    return stepMillis;
  }

  /** When something that is fetched will be there; infinite if nothing is. */
  double nextReadyMillis() {
    return waiting.stream()
        .mapToDouble(Waiting::readyMillis)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** Ends the step, if there is one; returns the requests that are done with it. */
  List<Workload.Request> endStep() {
    if (!stepping) {
      return List.of();
    }
    stepping = false;
    batch.forEach(member -> member.stepsDone++);
    List<Workload.Request> done =
        batch.stream().filter(Member::isDone).map(member -> member.request).toList();
    batch.removeIf(Member::isDone);
    return done;
  }

  /** What it would say of itself now. */
  WorkerView view(double nowMillis) {
    List<WorkerStatus.Member> members = new ArrayList<>(batch.size());
    for (Member member : batch) {
      String jobId = member.request.job().jobId();
      int steps = member.request.job().steps();
      members.add(
          new WorkerStatus.Member(jobId, 0, member.stepsDone, steps, member.request.ratio()));
    }
    List<WorkerStatus.Waiting> queue = new ArrayList<>(waiting.size());
    for (Waiting each : waiting) {
      Workload.Request request = each.request();
      int steps = request.job().steps();
      queue.add(new WorkerStatus.Waiting(request.job().jobId(), 1, steps, request.ratio()));
    }
    WorkerStatus status =
        new WorkerStatus(
            id,
            Workload.time(nowMillis),
            List.of(CARD),
            List.of("denoise"),
            machine.slots(),
            0,
            members,
            queue,
            List.of(0),
            stepMillis,
            false,
            List.of());
    return new WorkerView(
        status, List.of(), false, atHand, learnt.steps() > 0 ? learnt.cost() : null);
  }

  double rSquared() {
    return learnt.rSquared();
  }
}
