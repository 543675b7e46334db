package dev.fresco.planning.training;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Which host each stage of each replica runs on.
 *
 * <p>Goal: pairs of hosts between which messages are slow carry messages of the pipeline, or none:
 * a schedule can take in a delay in the pipeline, but all replicas wait for the sum of their
 * gradients (Adaptra, arXiv:2504.19232: "swap the slow link into the pipeline dimension").
 *
 * <p>Constraints: every host keeps one stage of one replica. All replicas of a stage talk to each
 * other, whatever the order of the reduction; in the pipeline a stage talks to the next one of its
 * replica. First counts how many slow pairs lie between replicas, then how many lie in a pipeline,
 * then how many hosts move.
 *
 * <p>Algorithm: of all exchanges of two hosts, one of them of a slow pair, the best is made, until
 * none is better. Of up to 8 hosts with up to 4 slow pairs, no placement has fewer slow pairs
 * between replicas.
 *
 * <p>Example: 2 stages, 2 replicas, hosts 0 1 (replica 0) and 2 3; hosts 0 and 2 are slow together.
 * With hosts 0 3 and 2 1 nothing changes; with 0 1 and 3 2 they carry no messages to each other.
 *
 * @param stages of each replica
 * @param hosts of replica 0 by stage, then those of replica 1, and so on
 */
record HostPlacement(int stages, List<Integer> hosts) {

  /** Two hosts, in either order, and by how much messages between them are late. */
  record SlowPair(int host, int other, double delayMillis) {
    boolean isOf(int one) {
      return host == one || other == one;
    }
  }

  /** What two hosts are to each other. */
  enum Tie {
    NONE,
    /** The stages are neighbours in a replica's pipeline. */
    PIPELINE,
    /** The same stage of two replicas. */
    GROUP
  }

  HostPlacement {
    hosts = List.copyOf(hosts);
    if (hosts.size() % stages != 0) {
      throw new IllegalArgumentException(hosts.size() + " hosts for " + stages + " stages");
    }
  }

  /** Host i runs stage i modulo the stages. */
  static HostPlacement first(int stages, int replicas) {
    List<Integer> hosts = new ArrayList<>();
    for (int host = 0; host < stages * replicas; host++) {
      hosts.add(host);
    }
    return new HostPlacement(stages, hosts);
  }

  int hostOf(int stage, int replica) {
    return hosts.get(replica * stages + stage);
  }

  int stageOf(int host) {
    return hosts.indexOf(host) % stages;
  }

  int replicaOf(int host) {
    return hosts.indexOf(host) / stages;
  }

  Tie tie(int host, int other) {
    boolean sameReplica = replicaOf(host) == replicaOf(other);
    int apart = Math.abs(stageOf(host) - stageOf(other));
    if (sameReplica) {
      return apart == 1 ? Tie.PIPELINE : Tie.NONE;
    }
    return apart == 0 ? Tie.GROUP : Tie.NONE;
  }

  /** The best that exchanges lead to; the same if none is better. */
  HostPlacement avoiding(Collection<SlowPair> slow) {
    HostPlacement best = this;
    while (true) {
      HostPlacement next = best.bestExchange(slow, this);
      if (next == best) {
        return best;
      }
      best = next;
    }
  }

  private HostPlacement bestExchange(Collection<SlowPair> slow, HostPlacement start) {
    HostPlacement best = this;
    long least = cost(slow, start);
    for (int i = 0; i < hosts.size(); i++) {
      int host = hosts.get(i);
      if (slow.stream().noneMatch(pair -> pair.isOf(host))) {
        continue;
      }
      for (int j = 0; j < hosts.size(); j++) {
        HostPlacement exchanged = exchanged(i, j);
        long cost = exchanged.cost(slow, start);
        if (cost < least) {
          least = cost;
          best = exchanged;
        }
      }
    }
    return best;
  }

  private HostPlacement exchanged(int i, int j) {
    List<Integer> changed = new ArrayList<>(hosts);
    Collections.swap(changed, i, j);
    return new HostPlacement(stages, changed);
  }

  /** Smaller is better; between replicas counts before the pipeline, and that before moves. */
  private long cost(Collection<SlowPair> slow, HostPlacement start) {
    long most = hosts.size() + 1L;
    long moved = 0;
    for (int i = 0; i < hosts.size(); i++) {
      moved += hosts.get(i).equals(start.hosts.get(i)) ? 0 : 1;
    }
    long pipeline = count(slow, Tie.PIPELINE);
    return (count(slow, Tie.GROUP) * (slow.size() + 1L) + pipeline) * most + moved;
  }

  /** How many slow pairs are tied so. */
  long count(Collection<SlowPair> slow, Tie tie) {
    return slow.stream().filter(pair -> tie(pair.host(), pair.other()) == tie).count();
  }
}
