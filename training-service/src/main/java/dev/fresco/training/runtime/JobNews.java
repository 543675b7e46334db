package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.planning.training.ProgressPace;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.training.job.TrainingJobEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Tells what happens in runs. All of it may be lost without harm, and none of it holds up a run.
 */
@Component
final class JobNews {
  /** The catalogue may be so far behind Kafka. */
  private static final Duration BEHIND = Duration.ofSeconds(5);

  private final TrainingJobEvents events;
  private final Catalogue<TrainingJob> jobs;
  private final Clock clock;

  JobNews(TrainingJobEvents events, Catalogue<TrainingJob> jobs, Clock clock) {
    this.events = events;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** The news of one job. Belongs to the thread that runs it. */
  final class OfJob {
    private final String id;
    private Instant started;
    private Instant startTold;
    private Instant progressTold;

    private OfJob(TrainingJob job) {
      id = job.id();
      started = job.status().startedAt();
    }

    void started() {
      Instant now = clock.instant();
      started = started == null ? now : started;
      tellStart(now);
    }

    void progressed(TrainingProgress progress, boolean last) {
      Instant now = clock.instant();
      if (!last && !ProgressPace.isDue(started, progressTold, now)) {
        return;
      }
      progressTold = now;
      if (now.isAfter(startTold.plus(BEHIND)) && isUnknown()) {
        tellStart(now);
      }
      events.tell(new TrainingEvent.Progressed(id, now, progress));
    }

    private void tellStart(Instant now) {
      startTold = now;
      events.tell(new TrainingEvent.Started(id, now));
    }

    /** Kafka did not take its start. */
    private boolean isUnknown() {
      try {
        return jobs.find(id).filter(job -> job.state() == TrainingJob.State.CREATED).isPresent();
      } catch (DataAccessException e) {
        return false;
      }
    }

    void checkpointed(long iterations) {
      events.tell(new TrainingEvent.Checkpointed(id, clock.instant(), iterations));
    }

    void restarted(String reason) {
      events.tell(new TrainingEvent.Restarted(id, clock.instant(), reason));
    }

    void sampled(long iterations, String prompt, String objectKey) {
      events.tell(new TrainingEvent.Sampled(id, clock.instant(), iterations, prompt, objectKey));
    }
  }

  OfJob of(TrainingJob job) {
    return new OfJob(job);
  }
}
