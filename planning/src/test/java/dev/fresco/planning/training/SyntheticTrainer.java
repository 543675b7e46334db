package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.contracts.training.TrainingTelemetry.Kind;
import dev.fresco.contracts.training.TrainingTelemetry.MessageKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Reports of a pipeline whose operations take 10 ms and whose messages take 6 ms, with noise, but
 * for what is made slow.
 */
final class SyntheticTrainer {
  private static final double OPERATION = 10;
  private static final double MESSAGE = 6;
  private static final double NOISE = .03;

  private final TrainingJob job;
  private final Random random;
  private final Map<String, Double> extraMillis = new HashMap<>();

  SyntheticTrainer(TrainingJob job, long seed) {
    this.job = job;
    random = new Random(seed);
  }

  /** Messages between two neighbours of a replica take so much longer; 0 heals the link. */
  void slowLink(int before, int replica, double millis) {
    extraMillis.put(Place.link(before, replica).toString(), millis);
  }

  /** The sums of gradients between two replicas of a stage take so much longer. */
  void slowGroup(int stage, int one, int other, double millis) {
    extraMillis.put(Place.group(stage, one, other).toString(), millis);
    extraMillis.put(Place.group(stage, other, one).toString(), millis);
  }

  void slowStage(int stage, double millis) {
    extraMillis.put(Place.stage(stage, 0).toString(), millis);
  }

  /** One report for each stage of each replica. */
  List<TrainingTelemetry> iteration(long iteration) {
    List<TrainingTelemetry> reports = new ArrayList<>();
    for (int replica = 0; replica < job.replicas(); replica++) {
      for (int stage = 0; stage < job.stages(); stage++) {
        reports.add(report(iteration, replica, stage));
      }
    }
    return reports;
  }

  private TrainingTelemetry report(long iteration, int replica, int stage) {
    Instant at = Jobs.START.plusMillis(1000 * iteration);
    Place here = Place.stage(stage, replica);
    List<TrainingTelemetry.Operations> operations =
        List.of(
            new TrainingTelemetry.Operations(Kind.F, times(here, OPERATION)),
            new TrainingTelemetry.Operations(Kind.B, times(here, OPERATION)),
            new TrainingTelemetry.Operations(Kind.W, times(here, OPERATION)));
    boolean last = stage == job.stages() - 1;
    return new TrainingTelemetry(
        job.id(),
        at,
        iteration,
        replica,
        stage,
        1000,
        last ? 3 + replica - iteration / 1000. : null,
        operations,
        messages(replica, stage));
  }

  private List<TrainingTelemetry.Messages> messages(int replica, int stage) {
    List<TrainingTelemetry.Messages> messages = new ArrayList<>();
    if (stage < job.stages() - 1) {
      messages.add(
          new TrainingTelemetry.Messages(
              MessageKind.ACTIVATION,
              stage + 1,
              replica,
              times(Place.link(stage, replica), MESSAGE)));
    }
    if (stage > 0) {
      messages.add(
          new TrainingTelemetry.Messages(
              MessageKind.GRADIENT,
              stage - 1,
              replica,
              times(Place.link(stage - 1, replica), MESSAGE)));
    }
    for (int other = 0; other < job.replicas(); other++) {
      if (other != replica) {
        messages.add(
            new TrainingTelemetry.Messages(
                MessageKind.ALL_REDUCE,
                stage,
                other,
                List.of(time(Place.group(stage, replica, other), 5 * MESSAGE))));
      }
    }
    return messages;
  }

  private List<Double> times(Place place, double millis) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < job.microbatches(); i++) {
      times.add(time(place, millis));
    }
    return times;
  }

  private double time(Place place, double millis) {
    double slow = millis + extraMillis.getOrDefault(place.toString(), 0.0);
    return slow * Math.exp(NOISE * random.nextGaussian());
  }
}
