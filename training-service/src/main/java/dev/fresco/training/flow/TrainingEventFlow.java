package dev.fresco.training.flow;

import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.training.job.TrainingJobs;
import org.springframework.stereotype.Component;

/** What an event of {@code fresco.training.events} changes in the catalogue. */
@Component
public final class TrainingEventFlow {
  private final EventCodec codec;
  private final Catalogue<TrainingJob> catalogue;

  public TrainingEventFlow(EventCodec codec, Catalogue<TrainingJob> catalogue) {
    this.codec = codec;
    this.catalogue = catalogue;
  }

  /**
   * The change, or null if the event changes nothing: its type is unknown to this version, or the
   * job's creation is missing before it.
   */
  public Change<TrainingJob> change(String json) {
    TrainingEvent event = codec.read(json, TrainingEvent.class);
    if (event instanceof TrainingEvent.Created created) {
      return Change.put(created.trainingJobId(), created.job());
    }
    if (event instanceof TrainingEvent.Stopped stopped) {
      return catalogue
          .find(stopped.trainingJobId())
          .map(job -> Change.put(job.id(), TrainingJobs.stopped(job, stopped.at())))
          .orElse(null);
    }
    return null;
  }
}
