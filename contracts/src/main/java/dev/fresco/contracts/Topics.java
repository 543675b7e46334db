package dev.fresco.contracts;

import java.util.List;

/** Names of the Kafka topics. A record's key is named beside its topic. */
public final class Topics {
  /**
   * {@code JobRequested} by job id. One partition: one router at a time sees every job in order.
   */
  public static final String JOBS_REQUESTED = "fresco.jobs.requested";

  /** {@code JobAssigned} by job id, on the partition that the chosen worker owns. */
  public static final String JOBS_ASSIGNED = "fresco.jobs.assigned";

  /** {@code JobCancelRequested} by job id. */
  public static final String JOBS_CANCELLED = "fresco.jobs.cancelled";

  /** {@code JobEvent} by job id. */
  public static final String JOBS_EVENTS = "fresco.jobs.events";

  /** {@code WorkerStatus} by worker id, compacted. */
  public static final String WORKERS_STATUS = "fresco.workers.status";

  /** {@code TemplateEvent} by template id, compacted. */
  public static final String TEMPLATES_EVENTS = "fresco.templates.events";

  /** {@code AdapterEvent} by adapter id, compacted. */
  public static final String ADAPTERS_EVENTS = "fresco.adapters.events";

  /** {@code TrainingEvent} by training-job id. */
  public static final String TRAINING_EVENTS = "fresco.training.events";

  /** {@code TrainingTelemetry} by training-job id. */
  public static final String TRAINING_TELEMETRY = "fresco.training.telemetry";

  /** {@code TrainingPlan} by training-job id, compacted: the newest is in force. */
  public static final String TRAINING_PLANS = "fresco.training.plans";

  /** What is appended to a topic's name for records that could not be read or handled. */
  public static final String DEAD_LETTER_SUFFIX = ".dlt";

  /** Every topic that carries records of this module. */
  public static final List<String> ALL =
      List.of(
          JOBS_REQUESTED,
          JOBS_ASSIGNED,
          JOBS_CANCELLED,
          JOBS_EVENTS,
          WORKERS_STATUS,
          TEMPLATES_EVENTS,
          ADAPTERS_EVENTS,
          TRAINING_EVENTS,
          TRAINING_TELEMETRY,
          TRAINING_PLANS);

  private Topics() {}
}
