package dev.fresco.trainer.stage;

import dev.fresco.engine.HostTensor;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.link.Message;
import dev.fresco.trainer.link.MessageKey;
import dev.fresco.trainer.link.MessageKind;
import dev.fresco.trainer.link.StageLinks;
import java.util.List;

/**
 * The same stage in all replicas, which add up their gradients.
 *
 * <p>Goal: all replicas hold the same bits afterwards, so that their weights never part, and the
 * same bits whatever the timing.
 *
 * <p>Algorithm: the first replica adds to its own sums those of the second, then of the third, and
 * so on, and sends the result to all.
 */
final class ReplicaGroup {
  private final int replica;
  private final int replicas;
  private final StageLinks links;

  /**
   * @param links whose stages are the replicas
   */
  ReplicaGroup(int replica, int replicas, StageLinks links) {
    this.replica = replica;
    this.replicas = replicas;
    this.links = links;
  }

  /** What one replica has of one piece after adding up. */
  float[] sum(long iteration, int piece, float[] own) throws InterruptedException {
    if (replica == 0) {
      for (int other = 1; other < replicas; other++) {
        add(own, links.take(key(iteration, other, piece)).data());
      }
      for (int other = 1; other < replicas; other++) {
        send(other, key(iteration, 0, piece), own);
      }
      return own;
    }
    send(0, key(iteration, replica, piece), own);
    return links.take(key(iteration, 0, piece)).data();
  }

  private static void add(float[] sums, float[] others) {
    if (sums.length != others.length) {
      throw new IllegalStateException(
          "a replica has %d gradients of a piece, another %d"
              .formatted(sums.length, others.length));
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += others[i];
    }
  }

  private void send(int to, MessageKey key, float[] gradients) throws InterruptedException {
    links.send(to, new Message(key, HostTensor.of(gradients, gradients.length)));
  }

  /** The sender's number stands where pipelines have their microbatch's. */
  private static MessageKey key(long iteration, int sender, int piece) {
    return new MessageKey(MessageKind.GRADIENT, iteration, sender, piece);
  }

  void conditions(int toReplica, LinkConditions conditions) {
    links.conditions(toReplica, conditions);
  }

  List<LinkSample> drainSamples() {
    return links.drainSamples();
  }
}
