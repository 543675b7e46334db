package dev.fresco.trainer.stage;

import dev.fresco.planning.pipeline.Operation;
import dev.fresco.trainer.data.TrainingData;
import dev.fresco.trainer.link.StageLinks;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A stage that can iterate. Belongs to one thread. */
final class ConnectedStage implements AutoCloseable {
  private final StagePlace place;
  private final TrainingSpec spec;
  private final TrainingData data;
  private final StagePieces pieces;
  private final StageLinks links;
  private final ReplicaGroup replicas;
  private final StageRunner runner;
  private List<Operation> order = List.of();

  ConnectedStage(
      StagePlace place,
      TrainingSpec spec,
      TrainingData data,
      StagePieces pieces,
      StageLinks links,
      ReplicaGroup replicas) {
    this.place = place;
    this.spec = spec;
    this.data = data;
    this.pieces = pieces;
    this.links = links;
    this.replicas = replicas;
    this.runner =
        new StageRunner(
            place.stage(), spec.pipeline().chunks(), pieces.networks(), links, new SteadyClock());
  }

  StageAnswer.Ready answer() {
    return new StageAnswer.Ready(pieces.steps());
  }

  /** Does what one command asks; empty if there is nothing to answer. */
  Optional<StageAnswer> carryOut(StageCommand command) throws InterruptedException {
    if (command instanceof StageCommand.UsePlan plan) {
      order = plan.order();
      links.delegate(plan.delegatesByStage());
      return Optional.empty();
    }
    if (command instanceof StageCommand.Iterate iterate) {
      return Optional.of(iterate(iterate.iteration()));
    }
    if (command instanceof StageCommand.Step step) {
      requireSteps(step.iteration());
      pieces.step(spec.optimiser().adamW(), step.scale());
      return Optional.empty();
    }
    if (command instanceof StageCommand.Save save) {
      requireSteps(save.iteration());
      pieces.save(Path.of(save.folder()));
      return Optional.of(new StageAnswer.Saved(save.iteration()));
    }
    if (command instanceof StageCommand.Impair impair) {
      impair(impair);
      return Optional.empty();
    }
    if (command instanceof StageCommand.Pace pace) {
      runner.pace(pace.leastOperation());
      return Optional.empty();
    }
    throw new IllegalStateException(place + " is connected and cannot carry out " + command);
  }

  private StageAnswer iterate(long iteration) throws InterruptedException {
    requireSteps(iteration);
    StageIteration done =
        runner.run(iteration, order, number -> data.microbatch(iteration, place.replica(), number));
    if (spec.pipeline().replicas() > 1) {
      pieces.addUp(replicas, iteration);
    }
    return new StageAnswer.Computed(
        iteration,
        done.losses(),
        pieces.squaredNorms(),
        done.samples(),
        links.drainSamples(),
        replicas.drainSamples());
  }

  private void requireSteps(long iteration) {
    if (iteration != pieces.steps()) {
      throw new IllegalStateException(
          "%s was asked for iteration %d; its weights have %d"
              .formatted(place, iteration, pieces.steps()));
    }
  }

  private void impair(StageCommand.Impair impair) {
    switch (impair.group()) {
      case PIPELINE -> links.conditions(impair.to(), impair.conditions());
      case REPLICAS -> replicas.conditions(impair.to(), impair.conditions());
    }
  }

  @Override
  public void close() {
    pieces.close();
  }
}
