package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What a pipeline runs by, from one iteration on until it gets another plan.
 *
 * @param name for people, such as {@code 1F1B}
 * @param delegatesByLink for each link that has some, its delegates for each kind of message, at
 *     least 1 (Adaptra, arXiv:2504.19232); link i lies between the stages i and i + 1, in both
 *     directions. Messages on other links block their senders
 * @param hosts for each replica and stage, replica by replica, the host that it runs on; all
 *     different; empty where nothing moves
 */
public record PipelinePlan(
    String name, Schedule schedule, Map<Integer, Integer> delegatesByLink, List<Integer> hosts) {
  public PipelinePlan {
    Require.text("name", name);
    Require.present("schedule", schedule);
    delegatesByLink = Map.copyOf(delegatesByLink);
    hosts = List.copyOf(hosts);
    int links = schedule.chunks().stages() - 1;
    delegatesByLink.forEach(
        (link, delegates) -> {
          if (link < 0 || link >= links) {
            throw new IllegalArgumentException(
                "plan %s delegates link %d; the pipeline has %d".formatted(name, link, links));
          }
          Require.atLeast("the number of delegates of link " + link, delegates, 1);
        });
    if (new HashSet<>(hosts).size() != hosts.size()) {
      throw new IllegalArgumentException(
          "plan %s puts two stages on one host: %s".formatted(name, hosts));
    }
  }

  /** On the hosts where the stages are. */
  public PipelinePlan(String name, Schedule schedule, Map<Integer, Integer> delegatesByLink) {
    this(name, schedule, delegatesByLink, List.of());
  }

  /** Without delegates. */
  public static PipelinePlan blocking(String name, Schedule schedule) {
    return new PipelinePlan(name, schedule, Map.of());
  }
}
