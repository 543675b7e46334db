package dev.fresco.gateway.admission;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.view.Completeness;
import dev.fresco.gateway.view.JobViews;
import dev.fresco.gateway.view.ViewWriter;
import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.platform.event.EventPublisher;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Puts a job into Kafka, then at once into the views so that the next call finds it. */
@Component
class JobSending {
  private static final Logger log = LoggerFactory.getLogger(JobSending.class);

  private static final Duration AWAIT_VIEWS = Duration.ofSeconds(2);

  private final EventPublisher events;
  private final GatewaySettings settings;
  private final ViewWriter writer;
  private final JobViews views;
  private final Completeness completeness;

  JobSending(
      EventPublisher events,
      GatewaySettings settings,
      ViewWriter writer,
      JobViews views,
      Completeness completeness) {
    this.completeness = completeness;
    this.events = events;
    this.settings = settings;
    this.writer = writer;
    this.views = views;
  }

  /**
   * @throws EventNotSentException if Kafka does not take the job
   */
  void send(JobRequested job) {
    events.publishAndWait(Topics.JOBS_REQUESTED, job.jobId(), job, settings.sendLimit());
    try {
      writer.write(job, null);
    } catch (DataAccessException e) {
      log.warn(
          "{} is accepted; its view follows when Redis answers: {}", job.jobId(), e.toString());
    }
  }

  /**
   * Without a view, once the views hold all that Kafka holds, the job never reached Kafka: its
   * sender died, or still waits. Before that it may have run already.
   */
  void sendUnlessSeen(JobRequested job) {
    if (isUnseen(job)) {
      completeness.awaitLatest(AWAIT_VIEWS);
      if (isUnseen(job)) {
        send(job);
      }
    }
  }

  private boolean isUnseen(JobRequested job) {
    return views.find(job.tenant(), job.jobId()).isEmpty();
  }
}
