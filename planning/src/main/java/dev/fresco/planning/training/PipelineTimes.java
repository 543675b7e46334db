package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.planning.straggler.OperationKind;
import dev.fresco.planning.straggler.StragglerDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the operations and messages of a job's pipeline take now, in milliseconds: medians of the
 * last ones, and of the replicas the slowest, as all wait for it.
 *
 * @param stages without a limit of memory
 * @param links from the stage of its index to the next
 */
record PipelineTimes(List<StageCost> stages, List<LinkTimes> links) {

  /** Part of the operation that makes a message, under which nobody feels that it is late. */
  private static final double FELT = .1;

  /** Of the two kinds of messages of a link. */
  record LinkTimes(double activationMillis, double gradientMillis) {}

  PipelineTimes {
    stages = List.copyOf(stages);
    links = List.copyOf(links);
  }

  /** What a detector has seen; empty if it has not yet seen all operations. */
  static Optional<PipelineTimes> of(TrainingJob job, StragglerDetector seen) {
    List<StageCost> stages = new ArrayList<>();
    for (int stage = 0; stage < job.stages(); stage++) {
      OptionalDouble forward = ofStage(job, seen, stage, OperationKind.FORWARD);
      OptionalDouble input = ofStage(job, seen, stage, OperationKind.BACKWARD);
      OptionalDouble weight = ofStage(job, seen, stage, OperationKind.WEIGHT);
      if (forward.isEmpty() || input.isEmpty() || weight.isEmpty()) {
        return Optional.empty();
      }
      stages.add(StageCost.of(forward.getAsDouble(), input.getAsDouble(), weight.getAsDouble()));
    }
    List<LinkTimes> links = new ArrayList<>();
    for (int link = 0; link < job.stages() - 1; link++) {
      links.add(
          new LinkTimes(
              ofLink(job, seen, link, OperationKind.SEND_ACTIVATION).orElse(0),
              ofLink(job, seen, link, OperationKind.SEND_GRADIENT).orElse(0)));
    }
    return Optional.of(new PipelineTimes(stages, links));
  }

  /**
   * Whether a delay can be felt. A message that is late by less than an operation takes holds up
   * nobody where a stage is ahead of the next one by two microbatches (Adaptra, arXiv:2504.19232,
   * theorem), and a tenth of that nobody at all; messages of a fraction of a millisecond vary by
   * more. What a stage takes longer is always felt.
   */
  boolean canFeel(TrainingDelay delay) {
    Place place = Place.read(delay.place());
    if (place.sort() == Place.Sort.STAGE) {
      return true;
    }
    boolean isGradient =
        place.sort() == Place.Sort.LINK && delay.operation().equals("send_gradient");
    double operation =
        isGradient
            ? stages.get(place.index() + 1).inputGradient()
            : stages.get(place.index()).forward();
    return delay.slowMillis() - delay.healthyMillis() >= FELT * operation;
  }

  private static OptionalDouble ofStage(
      TrainingJob job, StragglerDetector seen, int stage, OperationKind kind) {
    List<Place> places = new ArrayList<>();
    for (int replica = 0; replica < job.replicas(); replica++) {
      places.add(Place.stage(stage, replica));
    }
    return slowest(places, seen, kind);
  }

  private static OptionalDouble ofLink(
      TrainingJob job, StragglerDetector seen, int link, OperationKind kind) {
    List<Place> places = new ArrayList<>();
    for (int replica = 0; replica < job.replicas(); replica++) {
      places.add(Place.link(link, replica));
    }
    return slowest(places, seen, kind);
  }

  private static OptionalDouble slowest(
      List<Place> places, StragglerDetector seen, OperationKind kind) {
    return places.stream()
        .map(place -> seen.millis(place.toString(), kind))
        .flatMapToDouble(OptionalDouble::stream)
        .max();
  }
}
