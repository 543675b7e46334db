package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.straggler.Degradation;
import dev.fresco.planning.straggler.OperationKind;
import dev.fresco.planning.straggler.Sample;
import dev.fresco.planning.straggler.StragglerDetector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The detectors of a job: one of what is timed for every microbatch, one of the sums of gradients
 * that go between replicas once an iteration.
 *
 * <p>A backward that makes both gradients is taken for two operations of half its time each, so
 * that a stage's times have one level whatever its schedule.
 *
 * <p>Owned by one {@link PipelineWatch}.
 */
final class JobDetectors implements KnownDelays.Detectors {
  private final StragglerDetector pipeline;
  private final StragglerDetector groups = StragglerDetector.of(1);

  JobDetectors(TrainingJob job) {
    pipeline = StragglerDetector.of(job.microbatches());
  }

  @Override
  public StragglerDetector of(Place place) {
    return place.sort() == Place.Sort.GROUP ? groups : pipeline;
  }

  StragglerDetector pipeline() {
    return pipeline;
  }

  @Override
  public List<Degradation> degraded() {
    List<Degradation> all = new ArrayList<>(pipeline.degraded());
    all.addAll(groups.degraded());
    return all;
  }

  /** Drops what is known of a place: another host is there now. */
  void forget(Place place) {
    of(place).forget(place.toString());
  }

  /** Takes a report's times; gives what has become slow, changed its size or healed. */
  List<Degradation> observe(TrainingTelemetry report) {
    List<Degradation> changed = new ArrayList<>();
    Place stage = Place.stage(report.stage(), report.replica());
    for (TrainingTelemetry.Operations operations : report.operations()) {
      List<Double> millis = operations.millis();
      switch (operations.kind()) {
        case F -> observe(report, stage, OperationKind.FORWARD, millis, changed);
        case B -> observe(report, stage, OperationKind.BACKWARD, millis, changed);
        case W -> observe(report, stage, OperationKind.WEIGHT, millis, changed);
        case BW -> {
          List<Double> halves = millis.stream().map(whole -> whole / 2).toList();
          observe(report, stage, OperationKind.BACKWARD, halves, changed);
          observe(report, stage, OperationKind.WEIGHT, halves, changed);
        }
      }
    }
    for (TrainingTelemetry.Messages messages : report.messages()) {
      OperationKind kind =
          messages.kind() == TrainingTelemetry.MessageKind.ACTIVATION
              ? OperationKind.SEND_ACTIVATION
              : OperationKind.SEND_GRADIENT;
      observe(report, place(report, messages), kind, messages.millis(), changed);
    }
    return changed;
  }

  /** Where messages of a report were timed. */
  static Place place(TrainingTelemetry report, TrainingTelemetry.Messages messages) {
    return switch (messages.kind()) {
      case ACTIVATION -> Place.link(report.stage(), report.replica());
      case GRADIENT -> Place.link(report.stage() - 1, report.replica());
      case ALL_REDUCE -> Place.group(report.stage(), report.replica(), messages.toReplica());
    };
  }

  /**
   * A detector tells samples apart by their begins. They are a microsecond apart here: so they lie
   * before the next iteration, however long a trainer says that this one was.
   */
  private void observe(
      TrainingTelemetry report,
      Place place,
      OperationKind kind,
      List<Double> millis,
      List<Degradation> changed) {
    for (int i = 0; i < millis.size(); i++) {
      Instant at = report.at().plus(i, ChronoUnit.MICROS);
      changed.addAll(of(place).observe(new Sample(place.toString(), kind, at, millis.get(i))));
    }
  }
}
