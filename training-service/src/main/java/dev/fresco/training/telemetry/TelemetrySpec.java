package dev.fresco.training.telemetry;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.platform.web.FieldChecks;
import dev.fresco.platform.web.FieldProblem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reports of stages as an external trainer posts them. Fields that are missing are null, so that
 * all of them are told at once.
 */
public record TelemetrySpec(List<Report> reports) {

  /** As {@link TrainingTelemetry}; the replica may be missing, and is 0 then. */
  public record Report(
      Instant at,
      BigDecimal iteration,
      BigDecimal replica,
      BigDecimal stage,
      Double iterationMillis,
      Double loss,
      List<Operations> operations,
      List<Messages> messages) {}

  /** As {@link TrainingTelemetry.Operations}. */
  public record Operations(TrainingTelemetry.Kind kind, List<Double> millis) {}

  /**
   * As {@link TrainingTelemetry.Messages}; the replica may be missing, and is the sender's then.
   */
  public record Messages(
      TrainingTelemetry.MessageKind kind,
      BigDecimal toStage,
      BigDecimal toReplica,
      List<Double> millis) {}

  /**
   * The reports of a job, if nothing is missing and numbers of stages and the like are there.
   *
   * @param mostReports that are taken
   * @throws dev.fresco.platform.web.ProblemException 422 naming all that is missing
   */
  public List<TrainingTelemetry> reports(TrainingJob job, int mostReports) {
    FieldChecks checks = new FieldChecks().required("reports", reports);
    int count = reports == null ? 0 : reports.size();
    if (reports != null && (count == 0 || count > mostReports)) {
      checks.add(
          new FieldProblem(
              "reports",
              count,
              mostReports,
              "are %d; it must be 1 to %d (fresco.limits.max-reports)"
                  .formatted(count, mostReports)));
    }
    for (int i = 0; i < Math.min(count, mostReports); i++) {
      check("reports[" + i + "]", reports.get(i), job, checks);
    }
    checks.done();
    return reports.stream().map(report -> telemetry(job.id(), report)).toList();
  }

  private static void check(String field, Report report, TrainingJob job, FieldChecks checks) {
    checks.required(field, report);
    if (report == null) {
      return;
    }
    checks
        .required(field + ".at", report.at())
        .required(field + ".iteration", report.iteration())
        .required(field + ".stage", report.stage())
        .required(field + ".iterationMillis", report.iterationMillis())
        .required(field + ".operations", report.operations());
    below(field + ".iteration", report.iteration(), job.iterations(), checks);
    below(field + ".replica", report.replica(), job.replicas(), checks);
    below(field + ".stage", report.stage(), job.stages(), checks);
    each(
        field + ".operations",
        report.operations(),
        checks,
        (name, one) -> {
          checks.required(name + ".kind", one.kind());
          checkTimes(name + ".millis", one.millis(), checks);
        });
    each(
        field + ".messages",
        report.messages(),
        checks,
        (name, one) -> {
          checks.required(name + ".kind", one.kind()).required(name + ".toStage", one.toStage());
          below(name + ".toStage", one.toStage(), job.stages(), checks);
          below(name + ".toReplica", one.toReplica(), job.replicas(), checks);
          checkTimes(name + ".millis", one.millis(), checks);
        });
  }

  private static void below(String field, BigDecimal number, int count, FieldChecks checks) {
    checks.whole(field, number, 0, count - 1L, "the job has " + count);
  }

  private interface ElementCheck<T> {
    void check(String name, T element);
  }

  private static <T> void each(
      String field, List<T> elements, FieldChecks checks, ElementCheck<T> check) {
    for (int i = 0; elements != null && i < elements.size(); i++) {
      String name = field + "[" + i + "]";
      checks.required(name, elements.get(i));
      if (elements.get(i) != null) {
        check.check(name, elements.get(i));
      }
    }
  }

  private static void checkTimes(String field, List<Double> millis, FieldChecks checks) {
    checks.required(field, millis);
    if (millis != null && millis.stream().anyMatch(Objects::isNull)) {
      checks.add(new FieldProblem(field, null, null, "has a null"));
    }
  }

  private static TrainingTelemetry telemetry(String jobId, Report report) {
    int replica = report.replica() == null ? 0 : report.replica().intValueExact();
    List<TrainingTelemetry.Messages> messages = new ArrayList<>();
    for (Messages one : report.messages() == null ? List.<Messages>of() : report.messages()) {
      int toReplica = one.toReplica() == null ? replica : one.toReplica().intValueExact();
      messages.add(
          new TrainingTelemetry.Messages(
              one.kind(), one.toStage().intValueExact(), toReplica, one.millis()));
    }
    return new TrainingTelemetry(
        jobId,
        report.at(),
        report.iteration().longValueExact(),
        replica,
        report.stage().intValueExact(),
        report.iterationMillis(),
        report.loss(),
        report.operations().stream()
            .map(one -> new TrainingTelemetry.Operations(one.kind(), one.millis()))
            .toList(),
        messages);
  }
}
