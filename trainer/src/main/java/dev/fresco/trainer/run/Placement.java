package dev.fresco.trainer.run;

import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.stage.StagePlace;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which host each stage of each replica runs on.
 *
 * @param hosts replica by replica, each from 0 to below their number, once
 */
record Placement(int stages, List<Integer> hosts) {
  Placement {
    hosts = List.copyOf(hosts);
  }

  /** In the order of replicas and stages. */
  static Placement inOrder(PipelineSpec pipeline) {
    int stages = pipeline.chunks().stages();
    return new Placement(stages, IntStream.range(0, pipeline.replicas() * stages).boxed().toList());
  }

  /** The same if the plan moves nothing. */
  Placement after(List<Integer> hostsOfPlan) {
    return hostsOfPlan.isEmpty() ? this : new Placement(stages, hostsOfPlan);
  }

  StagePlace placeOf(int host) {
    int index = hosts.indexOf(host);
    return new StagePlace(index / stages, index % stages);
  }
}
