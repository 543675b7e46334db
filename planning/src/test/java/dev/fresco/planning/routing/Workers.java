package dev.fresco.planning.routing;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.cost.StepCost;
import dev.fresco.planning.queue.Jobs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A worker for tests: live, 2 slots, 1 look-ahead, 100 ms a step, partition 0, model m. */
final class Workers {
  private final String id;
  private Instant at = Jobs.START;
  private List<String> models = List.of("m");
  private List<String> roles = List.of("denoise");
  private int slots = 2;
  private int lookAhead = 1;
  private final List<WorkerStatus.Member> members = new ArrayList<>();
  private final List<WorkerStatus.Waiting> waiting = new ArrayList<>();
  private List<Integer> partitions = List.of(0);
  private double stepMillis = 100;
  private boolean draining;
  private final List<String> recordings = new ArrayList<>();
  private final List<String> coming = new ArrayList<>();
  private final List<String> adapters = new ArrayList<>();
  private StepCost cost;

  private Workers(String id) {
    this.id = id;
  }

  static Workers worker(String id) {
    return new Workers(id);
  }

  static Fleet fleet(Workers... workers) {
    Map<String, WorkerView> views = new LinkedHashMap<>();
    Set<String> models = new LinkedHashSet<>();
    for (Workers worker : workers) {
      views.put(worker.id, worker.view());
      models.addAll(worker.models);
    }
    return new Fleet(views, models);
  }

  WorkerView view() {
    List<ModelCard> cards = models.stream().map(Workers::card).toList();
    return new WorkerView(
        new WorkerStatus(
            id,
            at,
            cards,
            roles,
            slots,
            lookAhead,
            members,
            waiting,
            partitions,
            stepMillis,
            draining,
            List.of()),
        List.of(),
        false,
        new AtHand(Set.copyOf(recordings), Set.copyOf(coming), Set.copyOf(adapters)),
        cost);
  }

  Workers at(Instant at) {
    this.at = at;
    return this;
  }

  Workers models(String... models) {
    this.models = List.of(models);
    return this;
  }

  Workers roles(String... roles) {
    this.roles = List.of(roles);
    return this;
  }

  Workers slots(int slots, int lookAhead) {
    this.slots = slots;
    this.lookAhead = lookAhead;
    return this;
  }

  /** A picture in the batch with this many steps left. */
  Workers member(int stepsLeft) {
    return member(stepsLeft, 1);
  }

  /** The same of an edit. */
  Workers member(int stepsLeft, double ratio) {
    members.add(new WorkerStatus.Member("member-" + members.size(), 0, 0, stepsLeft, ratio));
    return this;
  }

  Workers waiting(int pictures, int steps) {
    waiting.add(new WorkerStatus.Waiting("waiting-" + waiting.size(), pictures, steps, 1.0));
    return this;
  }

  Workers partitions(Integer... partitions) {
    this.partitions = List.of(partitions);
    return this;
  }

  Workers stepMillis(double stepMillis) {
    this.stepMillis = stepMillis;
    return this;
  }

  Workers draining() {
    draining = true;
    return this;
  }

  /** Milliseconds of a step, and of each whole picture computed and loaded in it. */
  Workers cost(double constant, double computed, double loaded) {
    cost = new StepCost(constant, computed, loaded);
    return this;
  }

  Workers has(String recording) {
    recordings.add(recording);
    return this;
  }

  Workers isMaking(String recording) {
    coming.add(recording);
    return this;
  }

  Workers hasAdapter(String sha256) {
    adapters.add(sha256);
    return this;
  }

  /** What these workers call the recording of an edit that {@link Jobs} makes. */
  static String recording(String template) {
    return recording(template, "r1");
  }

  static String recording(String template, String revision) {
    return Jobs.job("t", "j")
        .edit(1, template)
        .job()
        .needs()
        .recording()
        .with(card("m", revision))
        .id();
  }

  private static ModelCard card(String id) {
    return card(id, "r1");
  }

  private static ModelCard card(String id, String revision) {
    return new ModelCard(
        id, "test", revision, 8, 8, 512, 64, 64, 77, List.of("ddim"), "ddim", 20, 150, 5, 30);
  }
}
