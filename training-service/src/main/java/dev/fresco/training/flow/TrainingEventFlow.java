package dev.fresco.training.flow;

import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.planning.training.TrainingLifecycle;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueFeed;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.training.stream.JobChanges;
import dev.fresco.training.stream.TrainingEventLog;
import org.springframework.stereotype.Component;

/**
 * What an event of {@code fresco.training.events} changes: the job, and the stream of its events.
 */
@Component
public final class TrainingEventFlow implements CatalogueFeed<TrainingJob> {
  private final EventCodec codec;
  private final Catalogue<TrainingJob> catalogue;
  private final TrainingEventLog log;
  private final JobChanges changes;

  public TrainingEventFlow(
      EventCodec codec,
      Catalogue<TrainingJob> catalogue,
      TrainingEventLog log,
      JobChanges changes) {
    this.codec = codec;
    this.catalogue = catalogue;
    this.log = log;
    this.changes = changes;
  }

  /**
   * The change, or null if the event changes nothing: its type is unknown to this version, it does
   * not fit the job's state, or the job's creation is missing before it.
   */
  @Override
  public Change<TrainingJob> change(long offset, String json) {
    TrainingEvent event = codec.read(json, TrainingEvent.class);
    if (event == null) {
      return null;
    }
    String id = event.trainingJobId();
    if (event instanceof TrainingEvent.Created created) {
      log.append(id, offset, json);
      return Change.put(id, created.job());
    }
    TrainingJob job = catalogue.find(id).orElse(null);
    if (job == null || !TrainingLifecycle.fits(job.state(), event)) {
      return null;
    }
    log.append(id, offset, json);
    TrainingJob after = TrainingLifecycle.after(job, event);
    return after == job ? null : Change.put(id, after);
  }

  @Override
  public void applied(String jobId) {
    changes.changed(jobId);
  }
}
