package dev.fresco.worker.loop;

import dev.fresco.engine.DenoisingBatch;
import dev.fresco.planning.batching.BatchLimits;
import dev.fresco.planning.batching.BatchSchedule;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.batching.StepOutcome;
import dev.fresco.planning.batching.StepPlan;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.worker.job.BatchRun;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that denoises. Between two steps it takes in what came through its queue:
 * arrivals, cancellations, lost partitions. So each of these takes effect at the next step.
 */
public final class DenoisingLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(DenoisingLoop.class);

  private final JobsInHand jobs;
  private final DenoisingBatch<MemberId> batch;
  private final BatchRunner runner;
  private final LoopListener listener;
  private final LoopMeters meters;
  private final BatchLimits limits;
  private final Clock clock;

  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Set<BatchRun> arriving = ConcurrentHashMap.newKeySet();
  private final Map<String, BatchRun> runs = new HashMap<>();
  private volatile BatchSchedule schedule = BatchSchedule.empty();
  private volatile int fitting;
  private volatile boolean stopping;
  private volatile boolean ended;
  private boolean draining;

  public DenoisingLoop(
      JobsInHand jobs,
      DenoisingBatch<MemberId> batch,
      LoopListener listener,
      LoopMeters meters,
      BatchLimits limits,
      Clock clock) {
    this.jobs = jobs;
    this.batch = batch;
    this.runner = new BatchRunner(batch, meters, this::run);
    this.listener = listener;
    this.meters = meters;
    this.limits = limits;
    this.fitting = limits.slots();
    this.clock = clock;
  }

  @Override
  public void run() {
    try (batch) {
      while (!stopping) {
        takeIn();
        StepPlan plan = runner.plan(schedule, limits);
        if (!plan.stepping().isEmpty()) {
          StepOutcome outcome = meters.timed(plan, () -> runner.run(plan), this::worked);
          BatchSchedule before = schedule;
          schedule = before.apply(plan, outcome);
          fitting = runner.fitting(schedule, limits.slots());
          publish(plan, outcome, before);
        }
      }
    } catch (InterruptedException stopped) {
      log.debug("interrupted");
    } finally {
      runs.values().forEach(BatchRun::release);
      ended = true;
      releaseArrivals();
    }
  }

  private StepWork worked(StepPlan plan) {
    Map<BatchRun, Long> pictures =
        plan.stepping().stream().collect(Collectors.groupingBy(this::run, Collectors.counting()));
    return pictures.entrySet().stream()
        .map(stepped -> stepped.getKey().worked(stepped.getValue().intValue()))
        .reduce(new StepWork(0, 0), StepWork::plus);
  }

  /** Records a template beside an edit, unless this worker is to stop. */
  public void record(RecordingRun run) {
    arrive(run);
  }

  /** Takes in jobs that are ready; what is recorded beside them is given up. */
  public void drain() {
    inbox.add(
        () -> {
          draining = true;
          List.copyOf(runs.values()).stream()
              .filter(RecordingRun.class::isInstance)
              .forEach(this::leave);
        });
  }

  /** What is prepared; its pictures join as soon as there is room. */
  public void arrive(BatchRun run) {
    arriving.add(run);
    inbox.add(() -> takeArrival(run));
    if (ended) {
      releaseArrivals();
    }
  }

  /** After the end nobody takes them in: not those that came before it, nor after. */
  private void releaseArrivals() {
    for (BatchRun run : arriving) {
      if (arriving.remove(run)) {
        run.release();
      }
    }
  }

  /** Cancels a job; one that is not in hand is none of this worker's business. */
  public void cancel(String jobId) {
    inbox.add(() -> jobs.find(jobId).ifPresent(this::takeCancellation));
  }

  /** Lets go, without an event, of the jobs of partitions that another worker gets. */
  public void drop(Set<Integer> partitions) {
    for (JobRun run : jobs.onPartitions(partitions)) {
      // At once, not at the next step: the same record may come again before that.
      if (run.claimEnd()) {
        jobs.remove(run);
        inbox.add(() -> leave(run));
      }
    }
  }

  /** Ends the loop at the next step boundary; what is in the batch is left where it is. */
  public void stop() {
    inbox.add(() -> stopping = true);
  }

  /** Which pictures run and wait, as of the last step. */
  public BatchSchedule schedule() {
    return schedule;
  }

  /** Pictures that fit the batch: its slots, or fewer as long as memory is short. */
  public int slots() {
    return fitting;
  }

  /** Waits for work only when there is none. */
  private void takeIn() throws InterruptedException {
    if (schedule.isIdle() && inbox.isEmpty()) {
      inbox.take().run();
    }
    for (Runnable next = inbox.poll(); next != null; next = inbox.poll()) {
      next.run();
    }
    expire(clock.instant());
    List.copyOf(runs.values()).stream().filter(BatchRun::hasEnded).forEach(this::leave);
  }

  private void takeArrival(BatchRun run) {
    arriving.remove(run);
    if (run.hasEnded() || draining && run instanceof RecordingRun) {
      run.release();
      return;
    }
    BatchSchedule more = schedule;
    for (MemberId member : run.members()) {
      more = more.arrive(member, run.stepsPerPicture());
    }
    runs.put(run.jobId(), run);
    schedule = more;
  }

  private void takeCancellation(JobRun run) {
    if (run.claimEnd()) {
      leave(run);
      listener.cancelled(run);
    }
  }

  private void leave(BatchRun run) {
    if (runs.get(run.jobId()) != run) {
      return;
    }
    Set<String> gone = Set.of(run.jobId());
    schedule.runningOf(gone).forEach(batch::leave);
    schedule = schedule.without(gone);
    runs.remove(run.jobId());
    run.release();
  }

  private void expire(Instant now) {
    for (JobRun run : jobs()) {
      Instant deadline = run.request().deadline();
      if (deadline != null && now.isAfter(deadline) && !run.hasStarted() && run.claimEnd()) {
        leave(run);
        listener.expired(run);
      }
    }
  }

  private void publish(StepPlan plan, StepOutcome outcome, BatchSchedule before) {
    Instant now = clock.instant();
    outcome.totals().forEach((member, total) -> run(member).counted(total));
    Map<BatchRun, List<MemberId>> byJob = new LinkedHashMap<>();
    for (MemberId member : outcome.advanced()) {
      byJob.computeIfAbsent(run(member), run -> new ArrayList<>()).add(member);
    }
    byJob.forEach(
        (run, members) -> {
          if (run instanceof JobRun job) {
            stepped(job, members, plan.stepping().size(), now);
          }
        });
    for (MemberId member : before.completedBy(outcome)) {
      complete(member);
      batch.leave(member);
    }
    Map<BatchRun, Exception> failed = new LinkedHashMap<>();
    outcome.failed().forEach((member, reason) -> failed.putIfAbsent(run(member), reason));
    failed.forEach(this::fail);
    Set<String> left = schedule.jobs();
    List.copyOf(runs.values()).stream()
        .filter(run -> !left.contains(run.jobId()))
        .forEach(this::leave);
  }

  private void complete(MemberId member) {
    BatchRun run = run(member);
    if (run.hasEnded()) {
      return;
    }
    if (run instanceof JobRun job) {
      job.completed(member.image());
      listener.completed(job, member, batch.latents(member));
    } else if (run instanceof RecordingRun recording) {
      listener.recorded(recording.making());
    }
  }

  private void fail(BatchRun run, Exception reason) {
    if (!(run instanceof JobRun job)) {
      log.warn("{} failed and is given up", run.jobId(), reason);
      leave(run);
      return;
    }
    List<MemberId> again = job.again(reason);
    if (!again.isEmpty()) {
      log.warn("{} runs again, dense", job.jobId(), reason);
      restart(job, again);
    } else if (job.claimEnd()) {
      leave(job);
      listener.failed(job, reason);
    }
  }

  private void restart(JobRun job, List<MemberId> members) {
    Set<String> id = Set.of(job.jobId());
    schedule.runningOf(id).forEach(batch::leave);
    BatchSchedule without = schedule.without(id);
    for (MemberId member : members) {
      without = without.arrive(member, job.stepsPerPicture());
    }
    schedule = without;
  }

  private void stepped(JobRun run, List<MemberId> members, int batchSize, Instant now) {
    if (run.hasEnded()) {
      return;
    }
    if (!run.hasStarted()) {
      run.started(now);
      listener.started(run);
    }
    run.stepped(members.size(), batchSize, now);
    // Pictures of a job are shown in turn.
    MemberId shown = members.get(run.stepsDone() / members.size() % members.size());
    listener.stepped(run, shown, batch.stepsDone(shown), () -> batch.estimate(shown));
  }

  private BatchRun run(MemberId member) {
    return runs.get(member.jobId());
  }

  private List<JobRun> jobs() {
    return runs.values().stream().filter(JobRun.class::isInstance).map(JobRun.class::cast).toList();
  }

  /** Whether everything that arrived has left, within a limit. */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    while (!jobs.all().isEmpty() && System.nanoTime() - start < limit.toNanos()) {
      Thread.sleep(20);
    }
    return jobs.all().isEmpty();
  }
}
