package dev.fresco.trainer.run;

import dev.fresco.engine.EngineException;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.checkpoint.Checkpoint;
import dev.fresco.trainer.checkpoint.CheckpointStore;
import dev.fresco.trainer.checkpoint.RunLock;
import dev.fresco.trainer.data.TrainingData;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.spec.TrainingSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A training run's coordinator.
 *
 * <p>Goal: the losses are those of a single process that trains the same model on the same data,
 * whatever the schedule, whatever plans come in between, and whichever stages die.
 *
 * <p>Algorithm: in each iteration all stages run their part of the schedule; their squared norms
 * make the scale that clips the gradients; all step. Between two iterations the run takes a new
 * plan if there is one, and writes checkpoints. When a stage is lost all start again from the
 * newest checkpoint, and so they do when a plan moves them to other hosts. A loss or gradient that
 * is not finite ends the run before it reaches a weight.
 */
public final class TrainingRun {
  private final TrainingSpec spec;
  private final RunSettings settings;
  private final StageLauncher launcher;
  private final Supplier<Optional<PipelinePlan>> plans;
  private final RunListener listener;
  private final CheckpointStore checkpoints;
  private final ReportInbox inbox;
  private final Impairments impairments;
  private PipelinePlan plan;
  private Placement placement;

  /** Iterations in the newest checkpoint. */
  private long saved;

  private volatile boolean stopping;

  /**
   * @param first plan
   * @param plans is asked before each iteration for one to take its place
   * @throws IllegalArgumentException if the plan contradicts the specification, or the data the
   *     model
   * @throws EngineException if the data cannot be read
   */
  public TrainingRun(
      TrainingSpec spec,
      RunSettings settings,
      StageLauncher launcher,
      PipelinePlan first,
      Supplier<Optional<PipelinePlan>> plans,
      RunListener listener) {
    List<String> problems = PlanCheck.problems(first, spec.pipeline());
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "plan %s cannot be used: %s".formatted(first.name(), String.join("; ", problems)));
    }
    TrainingData.of(spec); // says what is wrong before any stage starts
    this.spec = spec;
    this.settings = settings;
    this.launcher = launcher;
    this.impairments = new Impairments(spec.pipeline());
    this.plan = first;
    this.placement = Placement.inOrder(spec.pipeline()).after(first.hosts());
    this.plans = plans;
    this.listener = listener;
    this.checkpoints = new CheckpointStore(settings.checkpoints(), settings.checkpointsKept());
    this.inbox = new ReportInbox(listener::reportDropped);
  }

  /** Emulated conditions of links, from the next iteration on; may be changed from any thread. */
  public Impairments impairments() {
    return impairments;
  }

  /** Ends the run before its next iteration, with a checkpoint; may be called from any thread. */
  public void stop() {
    stopping = true;
  }

  /**
   * Runs from the newest checkpoint to the end. Once only.
   *
   * @throws InterruptedException if the thread is interrupted; the stages are ended then
   */
  public RunOutcome run() throws InterruptedException {
    try (RunLock lock = RunLock.of(settings.checkpoints())) {
      long lastStart = -1;
      int fruitless = 0;
      for (int attempt = 0; ; attempt++) {
        Optional<Checkpoint> from = checkpoints.latest();
        long start = from.map(Checkpoint::iteration).orElse(0L);
        fruitless = start > lastStart ? 0 : fruitless + 1;
        lastStart = start;
        saved = start;
        if (stopping) {
          return stopped(start);
        }
        Optional<RunOutcome> outcome = attempt(attempt, from, fruitless);
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
    } catch (EngineException e) {
      return new RunOutcome(State.FAILED, saved, e.getMessage());
    }
  }

  /** Empty if another attempt is to follow. */
  private Optional<RunOutcome> attempt(int attempt, Optional<Checkpoint> from, int fruitless)
      throws InterruptedException {
    try (StageCrew crew = new StageCrew(spec, settings, attempt, inbox)) {
      crew.start(launcher, from);
      listener.started(attempt, saved);
      return train(crew);
    } catch (StageLostException e) {
      listener.stageLost(attempt, e.getMessage());
      return fruitless < settings.patience().restarts()
          ? Optional.empty()
          : Optional.of(new RunOutcome(State.FAILED, saved, e.getMessage()));
    }
  }

  /** Empty if stages are to move to other hosts, which they do from a new checkpoint. */
  private Optional<RunOutcome> train(StageCrew crew)
      throws StageLostException, InterruptedException {
    crew.use(plan);
    Impairments.Told told = impairments.tell(crew, placement);
    for (long iteration = saved; iteration < spec.iterations(); iteration++) {
      boolean moving = takePlan(crew, iteration);
      if (moving || stopping) {
        if (iteration > saved) {
          save(crew, iteration);
        }
        return stopping ? Optional.of(stopped(iteration)) : Optional.empty();
      }
      told.update();
      Optional<String> wrong = iterate(crew, iteration);
      if (wrong.isPresent()) {
        String reason = "iteration %d: %s".formatted(iteration, wrong.get());
        return Optional.of(new RunOutcome(State.NOT_FINITE, saved, reason));
      }
      long done = iteration + 1;
      if (done % settings.checkpointEvery() == 0 || done == spec.iterations()) {
        save(crew, done);
      }
    }
    return Optional.of(new RunOutcome(State.FINISHED, spec.iterations(), ""));
  }

  private static RunOutcome stopped(long iterations) {
    return new RunOutcome(State.STOPPED, iterations, "it was told to stop");
  }

  /** Takes a new plan if there is one; whether it moves stages to other hosts. */
  private boolean takePlan(StageCrew crew, long iteration) {
    Optional<PipelinePlan> next = plans.get();
    if (next.isEmpty()) {
      return false;
    }
    List<String> problems = PlanCheck.problems(next.get(), spec.pipeline());
    if (!problems.isEmpty()) {
      listener.planRefused(next.get(), problems);
      return false;
    }
    plan = next.get();
    crew.use(plan);
    listener.planTaken(plan, iteration);
    Placement before = placement;
    placement = before.after(plan.hosts());
    return !placement.equals(before);
  }

  /** Why the run must end, if it must. */
  private Optional<String> iterate(StageCrew crew, long iteration)
      throws StageLostException, InterruptedException {
    long begin = System.nanoTime();
    IterationResult result = crew.iterate(iteration);
    double millis = (System.nanoTime() - begin) / 1e6;
    Optional<String> wrong = result.notFinite();
    if (wrong.isEmpty()) {
      crew.step(iteration, result.scale());
      listener.iterated(result.report(iteration, millis, plan.name()));
    }
    return wrong;
  }

  private void save(StageCrew crew, long iterations)
      throws StageLostException, InterruptedException {
    crew.save(iterations, checkpoints.begin(iterations));
    Checkpoint written = checkpoints.complete(iterations, spec.pipeline().chunks().pieces());
    saved = iterations;
    listener.saved(written);
  }
}
