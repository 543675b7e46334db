package dev.fresco.contracts.worker;

import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.List;

/**
 * A worker's own view of itself, sent when it changes and at least once a second or so.
 *
 * @param models what it serves
 * @param roles what it does: {@code denoise}
 * @param slots pictures that fit its batch; fewer than it is set to as long as its memory is short
 * @param lookAhead pictures that it prepares while the batch is full
 * @param members pictures in the batch
 * @param waiting assigned jobs that are not in the batch, with their pictures left
 * @param partitions of {@code fresco.jobs.assigned} that it owns
 * @param stepMillis recent time of one step of the whole batch; 0 before the first
 * @param draining it takes no new jobs
 * @param recordings ids of the recordings that it can run edits with at once
 */
public record WorkerStatus(
    String workerId,
    Instant at,
    List<ModelCard> models,
    List<String> roles,
    int slots,
    int lookAhead,
    List<Member> members,
    List<Waiting> waiting,
    List<Integer> partitions,
    double stepMillis,
    boolean draining,
    List<String> recordings) {

  public WorkerStatus {
    Require.text("workerId", workerId);
    Require.present("at", at);
    models = List.copyOf(models);
    roles = List.copyOf(roles);
    Require.atLeast("slots", slots, 1);
    Require.atLeast("lookAhead", lookAhead, 0);
    members = List.copyOf(members);
    waiting = List.copyOf(waiting);
    partitions = List.copyOf(partitions);
    recordings = recordings == null ? List.of() : List.copyOf(recordings);
  }

  /**
   * One picture in the batch.
   *
   * @param ratio share of the picture that is computed: that of an edit's mask, or 1
   */
  public record Member(String jobId, int image, int stepsDone, int stepsTotal, Double ratio) {
    public Member {
      ratio = ratio == null ? 1 : ratio;
    }
  }

  /**
   * An assigned job with pictures that have not joined the batch yet.
   *
   * @param ratio as of a member
   */
  public record Waiting(String jobId, int pictures, int steps, Double ratio) {
    public Waiting {
      ratio = ratio == null ? 1 : ratio;
    }
  }

  /** The card of a model, or null if this worker does not serve it. */
  public ModelCard model(String id) {
    return models.stream().filter(model -> model.id().equals(id)).findFirst().orElse(null);
  }
}
