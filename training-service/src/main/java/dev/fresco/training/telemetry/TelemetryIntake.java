package dev.fresco.training.telemetry;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.training.TelemetryCheck;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.training.job.TrainingLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Takes telemetry of external trainers to Kafka, if it can be true. */
@Component
public final class TelemetryIntake {
  private final TrainingLimits limits;
  private final EventPublisher events;
  private final Duration publishLimit;

  TelemetryIntake(
      TrainingLimits limits, EventPublisher events, CatalogueConfiguration.Settings settings) {
    this.limits = limits;
    this.events = events;
    this.publishLimit = settings.publishLimit();
  }

  /**
   * Takes reports, all or none.
   *
   * @return how many
   * @throws ProblemException 409 if the job takes none, 422 naming all that is wrong
   * @throws EventNotSentException if Kafka does not take them in time; they may be sent again
   */
  public int take(TrainingJob job, TelemetrySpec spec) {
    refuseUnlessItRuns(job);
    List<TrainingTelemetry> reports = spec.reports(job, limits.maxReports());
    check(job, reports);
    CompletableFuture<?>[] sent =
        reports.stream()
            .map(report -> events.publish(Topics.TRAINING_TELEMETRY, job.id(), report))
            .toArray(CompletableFuture[]::new);
    await(job.id(), CompletableFuture.allOf(sent));
    return reports.size();
  }

  private static void refuseUnlessItRuns(TrainingJob job) {
    if (job.kind() != TrainingKind.EXTERNAL) {
      throw conflict("Fresco runs this job, and measures it itself");
    }
    if (job.state().hasEnded()) {
      throw conflict("the job is " + job.state() + "; it takes telemetry again once it is resumed");
    }
  }

  private static ProblemException conflict(String detail) {
    return ProblemException.of(HttpStatus.CONFLICT, ErrorCode.CONFLICT, detail);
  }

  private static void check(TrainingJob job, List<TrainingTelemetry> reports) {
    List<FieldProblem> problems = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      String report = "reports[" + i + "].";
      TelemetryCheck.problems(job, reports.get(i)).stream()
          .map(
              one ->
                  new FieldProblem(
                      report + one.field(), text(one.value()), one.limit(), one.message()))
          .forEach(problems::add);
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  /** JSON has no word for numbers that are not finite. */
  private static Object text(Object value) {
    return value instanceof Double number && !Double.isFinite(number) ? number.toString() : value;
  }

  private void await(String jobId, CompletableFuture<Void> sent) {
    try {
      sent.get(publishLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventNotSentException("telemetry of " + jobId + ": interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new EventNotSentException(
          "telemetry of " + jobId + " was not taken by Kafka within " + publishLimit, e);
    }
  }
}
