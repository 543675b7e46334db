package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.contracts.training.TrainingTelemetry.Kind;
import dev.fresco.contracts.training.TrainingTelemetry.MessageKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a stage's report can be true of its job, whatever was reported before.
 *
 * <p>Constraints: a stage runs every microbatch's forward and its two gradients once, one operation
 * after the other; so there are as many times of each kind as microbatches, and their sum is no
 * longer than the iteration. Messages go to the neighbours in the pipeline, one a microbatch, of
 * which some may not have been timed; and to the same stage of other replicas, one an iteration.
 */
public final class TelemetryCheck {
  /** Longer than any operation or iteration takes: a day. */
  static final double LONGEST_MILLIS = 86_400_000;

  /** By which clocks may disagree about the sum of operations and the iteration. */
  private static final double ROUNDING = 1.01;

  private final TrainingJob job;
  private final TrainingTelemetry report;
  private final List<Problem> problems = new ArrayList<>();

  private TelemetryCheck(TrainingJob job, TrainingTelemetry report) {
    this.job = job;
    this.report = report;
  }

  /**
   * What is wrong with one field.
   *
   * @param field for example {@code operations[1].millis[3]}
   * @param value as it was reported
   * @param limit what would be right, or null
   * @param message in words
   */
  public record Problem(String field, Object value, Object limit, String message) {}

  /** All that is wrong; nothing if the report can be true. */
  public static List<Problem> problems(TrainingJob job, TrainingTelemetry report) {
    TelemetryCheck check = new TelemetryCheck(job, report);
    check.within("stage", report.stage(), job.stages());
    check.within("replica", report.replica(), job.replicas());
    check.within("iteration", report.iteration(), job.iterations());
    check.millis("iterationMillis", report.iterationMillis());
    if (report.loss() != null && !Double.isFinite(report.loss())) {
      check.add("loss", report.loss(), null, "must be finite");
    }
    check.operations();
    check.messages();
    return List.copyOf(check.problems);
  }

  private void within(String field, long value, long count) {
    if (value < 0 || value >= count) {
      add(field, value, count - 1, "must be from 0 to " + (count - 1) + " of this job");
    }
  }

  private void operations() {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    double sum = 0;
    for (int i = 0; i < report.operations().size(); i++) {
      TrainingTelemetry.Operations operations = report.operations().get(i);
      String field = "operations[" + i + "]";
      if (!kinds.add(operations.kind())) {
        add(field + ".kind", operations.kind(), null, "is there twice");
      }
      if (operations.millis().size() != job.microbatches()) {
        add(
            field + ".millis",
            operations.millis().size(),
            job.microbatches(),
            "must be " + job.microbatches() + ", one for each microbatch");
      }
      times(field + ".millis", operations.millis());
      sum += operations.millis().stream().mapToDouble(Double::doubleValue).sum();
    }
    boolean split = kinds.equals(EnumSet.of(Kind.F, Kind.B, Kind.W));
    boolean fused = kinds.equals(EnumSet.of(Kind.F, Kind.BW));
    if (!split && !fused) {
      add("operations", kinds.toString(), null, "must be of the kinds F, B and W, or F and BW");
    }
    if (sum > report.iterationMillis() * ROUNDING + 1) {
      add(
          "iterationMillis",
          report.iterationMillis(),
          sum,
          "is less than the stage's operations took together, %.3f".formatted(sum));
    }
  }

  private void messages() {
    Set<String> receivers = new HashSet<>();
    for (int i = 0; i < report.messages().size(); i++) {
      TrainingTelemetry.Messages messages = report.messages().get(i);
      String field = "messages[" + i + "]";
      if (!receivers.add(messages.kind() + " " + messages.toReplica())) {
        add(field + ".kind", messages.kind().wireName(), null, "to this receiver is there twice");
      }
      receiver(field, messages);
      count(field + ".millis", messages);
      times(field + ".millis", messages.millis());
    }
  }

  private void count(String field, TrainingTelemetry.Messages messages) {
    int most = messages.kind() == MessageKind.ALL_REDUCE ? 1 : job.microbatches();
    int count = messages.millis().size();
    if (count < 1 || count > most) {
      add(field, count, most, "must be 1 to " + most);
    }
  }

  private void receiver(String field, TrainingTelemetry.Messages messages) {
    int stage = report.stage() + stepOf(messages.kind());
    if (messages.toStage() != stage || stage < 0 || stage >= job.stages()) {
      add(
          field + ".toStage",
          messages.toStage(),
          null,
          "is no receiver of %s from stage %d of %d"
              .formatted(messages.kind().wireName(), report.stage(), job.stages()));
    }
    boolean same = messages.toReplica() == report.replica();
    boolean between = messages.kind() == MessageKind.ALL_REDUCE;
    if (messages.toReplica() < 0 || messages.toReplica() >= job.replicas() || same == between) {
      add(
          field + ".toReplica",
          messages.toReplica(),
          null,
          "is no receiver of %s from replica %d of %d"
              .formatted(messages.kind().wireName(), report.replica(), job.replicas()));
    }
  }

  /** How many stages further a message goes. */
  private static int stepOf(MessageKind kind) {
    return switch (kind) {
      case ACTIVATION -> 1;
      case GRADIENT -> -1;
      case ALL_REDUCE -> 0;
    };
  }

  private void times(String field, List<Double> millis) {
    for (int i = 0; i < millis.size(); i++) {
      millis(field + "[" + i + "]", millis.get(i));
    }
  }

  private void millis(String field, double millis) {
    if (!(millis >= 0 && millis <= LONGEST_MILLIS)) {
      add(field, millis, LONGEST_MILLIS, "must be from 0 to " + LONGEST_MILLIS);
    }
  }

  private void add(String field, Object value, Object limit, String message) {
    problems.add(new Problem(field, value, limit, message));
  }
}
