package dev.fresco.router.flow;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.planning.queue.JobNeeds;
import dev.fresco.planning.routing.InFlight;
import dev.fresco.router.config.RouterSettings;
import dev.fresco.router.kafka.Outbox;
import dev.fresco.router.kafka.Past;
import dev.fresco.router.kafka.PastReader;
import dev.fresco.router.state.RouterState;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Learns from Kafka what has been decided, by this router or one before it, and completes what was
 * cut off.
 *
 * <p>A router may die at any line. What it had decided about a job is a record of assignments or a
 * terminal event; both are written before the request's offset is committed, so for every request
 * that is read again the decision, if there was one, is found here. An assignment whose event is
 * missing gets it.
 */
@Component
public final class RecoveryFlow {
  private static final Logger log = LoggerFactory.getLogger(RecoveryFlow.class);

  private final RouterState state;
  private final PastReader reader;
  private final Outbox outbox;
  private final RouterSettings settings;
  private final Clock clock;

  public RecoveryFlow(
      RouterState state, PastReader reader, Outbox outbox, RouterSettings settings, Clock clock) {
    this.state = state;
    this.reader = reader;
    this.outbox = outbox;
    this.settings = settings;
    this.clock = clock;
  }

  /** Ends the doubt, or throws and leaves it. */
  void run() {
    Instant now = clock.instant();
    Instant oldest = reader.requestedAt(state.queue().lowWaterOffset()).orElse(now);
    Past past = reader.read(oldest.minus(settings.historyMargin()));
    for (JobAssigned cutOff : past.unreported()) {
      outbox.event(new JobEvent.Assigned(cutOff.jobId(), cutOff.assignedAt(), cutOff.workerId()));
    }
    outbox.await();
    past.cancelled().forEach(jobId -> state.cancel(jobId, now));
    state.queue().announcedEarlier(past.states().keySet());
    past.settled().forEach(jobId -> state.queue().leave(jobId, now));
    for (JobAssigned job : past.unfinished()) {
      JobNeeds needs = JobNeeds.of(job.request());
      state.workers().given(job.workerId(), asGiven(job, needs), needs.adapters());
    }
    state.doubtResolved();
    log.info(
        "the past since {} is known: {} jobs assigned, {} of them unfinished, {} to report",
        oldest,
        past.assigned().size(),
        past.unfinished().size(),
        past.unreported().size());
  }

  /** Whether an edit found its recording is not known any more: it is taken to have. */
  private static InFlight asGiven(JobAssigned job, JobNeeds needs) {
    return new InFlight(
        job.jobId(), job.request().count(), job.request().stepsPerPicture(), needs.ratio(), null);
  }
}
