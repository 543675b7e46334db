package dev.fresco.trainer.run;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.checkpoint.Checkpoint;
import dev.fresco.trainer.run.ReportInbox.Question;
import dev.fresco.trainer.spec.TrainingSpec;
import dev.fresco.trainer.stage.StageAnswer;
import dev.fresco.trainer.stage.StageAnswer.Opened;
import dev.fresco.trainer.stage.StageAnswer.Ready;
import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StagePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All stages of one attempt, as one.
 *
 * <p>Whatever happens to one of them ends all: the others wait for its messages, and what they have
 * of the iteration is of no use.
 */
final class StageCrew implements AutoCloseable {
  private final TrainingSpec spec;
  private final RunSettings settings;
  private final int attempt;
  private final ReportInbox inbox;
  private final Map<StagePlace, RunningStage> stages = new TreeMap<>();
  private final List<StagePlace> places = new ArrayList<>();

  StageCrew(TrainingSpec spec, RunSettings settings, int attempt, ReportInbox inbox) {
    this.spec = spec;
    this.settings = settings;
    this.attempt = attempt;
    this.inbox = inbox;
  }

  /** Starts all and connects them. */
  void start(StageLauncher launcher, Optional<Checkpoint> from)
      throws StageLostException, InterruptedException {
    for (int replica = 0; replica < spec.pipeline().replicas(); replica++) {
      for (int stage = 0; stage < spec.pipeline().chunks().stages(); stage++) {
        StagePlace place = new StagePlace(replica, stage);
        stages.put(place, launcher.launch(attempt, place, inbox::put));
        places.add(place);
      }
    }
    Duration limit = settings.patience().start();
    StageCommand.Open open =
        new StageCommand.Open(settings.job(), settings.token(), settings.patience().answer(), spec);
    stages.values().forEach(stage -> stage.tell(open));
    Map<StagePlace, Opened> opened = await(Opened.class, any -> true, limit);
    String folder = from.map(checkpoint -> checkpoint.folder().toString()).orElse(null);
    stages.forEach((place, stage) -> stage.tell(connect(place, opened, folder)));
    requireSteps(
        await(Ready.class, any -> true, limit), from.map(Checkpoint::iteration).orElse(0L));
  }

  private static StageCommand.Connect connect(
      StagePlace self, Map<StagePlace, Opened> opened, String folder) {
    Map<Integer, Integer> stagePorts = new HashMap<>();
    Map<Integer, Integer> replicaPorts = new HashMap<>();
    opened.forEach(
        (place, ports) -> {
          if (place.replica() == self.replica() && place.stage() != self.stage()) {
            stagePorts.put(place.stage(), ports.stagePort());
          }
          if (place.stage() == self.stage() && place.replica() != self.replica()) {
            replicaPorts.put(place.replica(), ports.replicaPort());
          }
        });
    return new StageCommand.Connect(stagePorts, replicaPorts, folder);
  }

  private static void requireSteps(Map<StagePlace, Ready> stages, long steps)
      throws StageLostException {
    for (Map.Entry<StagePlace, Ready> stage : stages.entrySet()) {
      if (stage.getValue().steps() != steps) {
        throw new StageLostException(
            "%s has weights of %d iterations, the checkpoint is of %d"
                .formatted(stage.getKey(), stage.getValue().steps(), steps));
      }
    }
  }

  /** From the next iteration on. */
  void use(PipelinePlan plan) {
    stages.forEach(
        (place, stage) ->
            stage.tell(
                new StageCommand.UsePlan(
                    plan.schedule().stages().get(place.stage()), delegates(plan, place.stage()))));
  }

  /** By receiver, of both links of a stage; none where the link before had some. */
  private static Map<Integer, Integer> delegates(PipelinePlan plan, int stage) {
    Map<Integer, Integer> delegates = new HashMap<>();
    if (stage > 0) {
      delegates.put(stage - 1, plan.delegatesByLink().getOrDefault(stage - 1, 0));
    }
    if (stage < plan.schedule().chunks().stages() - 1) {
      delegates.put(stage + 1, plan.delegatesByLink().getOrDefault(stage, 0));
    }
    return delegates;
  }

  void impair(StagePlace place, StageCommand impairment) {
    stages.get(place).tell(impairment);
  }

  /** Runs all passes of an iteration. */
  IterationResult iterate(long iteration) throws StageLostException, InterruptedException {
    stages.values().forEach(stage -> stage.tell(new StageCommand.Iterate(iteration)));
    return new IterationResult(
        spec,
        await(
            StageAnswer.Computed.class,
            computed -> computed.iteration() == iteration,
            settings.patience().answer()));
  }

  /** Lets the weights follow; a failure shows in what is asked next. */
  void step(long iteration, double scale) {
    stages.values().forEach(stage -> stage.tell(new StageCommand.Step(iteration, scale)));
  }

  /** Writes the files of a checkpoint; all replicas hold the same, so one of them writes. */
  void save(long iteration, Path folder) throws StageLostException, InterruptedException {
    List<StagePlace> writers = places.stream().filter(place -> place.replica() == 0).toList();
    writers.forEach(
        place -> stages.get(place).tell(new StageCommand.Save(iteration, folder.toString())));
    inbox.await(
        question(
            StageAnswer.Saved.class,
            saved -> saved.iteration() == iteration,
            settings.patience().answer()),
        writers);
  }

  private <A extends StageAnswer> Map<StagePlace, A> await(
      Class<A> kind, Predicate<A> fits, Duration limit)
      throws StageLostException, InterruptedException {
    return inbox.await(question(kind, fits, limit), places);
  }

  private <A extends StageAnswer> Question<A> question(
      Class<A> kind, Predicate<A> fits, Duration limit) {
    return new Question<>(attempt, kind, fits, limit);
  }

  /** Ends all stages. */
  @Override
  public void close() {
    stages.values().forEach(stage -> stage.tell(new StageCommand.Stop()));
    stages.values().forEach(RunningStage::close);
  }
}
