package dev.fresco.trainer.stage;

import dev.fresco.engine.HostTensor;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.link.Message;
import dev.fresco.trainer.link.MessageKey;
import dev.fresco.trainer.link.MessageKind;
import dev.fresco.trainer.link.StageLinks;
import java.util.Arrays;
import java.util.List;

/**
 * The same stage in all replicas, which add up their gradients.
 *
 * <p>Goal: all replicas hold the same bits afterwards, so that their weights never part, and the
 * same bits whatever the timing.
 *
 * <p>Algorithm: part by part, the first replica adds to its own sums those of the second, then of
 * the third, and so on, and sends the result to all.
 */
final class ReplicaGroup {
  /** Gradients of a message: 16 MiB. */
  private static final int PART = 1 << 22;

  private final int replica;
  private final int replicas;
  private final int partSize;
  private final StageLinks links;

  /**
   * @param links whose stages are the replicas
   */
  ReplicaGroup(int replica, int replicas, StageLinks links) {
    this(replica, replicas, PART, links);
  }

  ReplicaGroup(int replica, int replicas, int partSize, StageLinks links) {
    this.replica = replica;
    this.replicas = replicas;
    this.partSize = partSize;
    this.links = links;
  }

  /** Makes one replica's gradients of one piece those of all, in place. */
  void addUp(long iteration, int piece, float[] gradients) throws InterruptedException {
    for (int part = 0; part * (long) partSize < gradients.length; part++) {
      int from = part * partSize;
      int to = Math.min(gradients.length, from + partSize);
      float[] sums = Arrays.copyOfRange(gradients, from, to);
      Part known = new Part(iteration, piece, part);
      sums = replica == 0 ? addOthers(known, sums) : exchange(known, sums);
      System.arraycopy(sums, 0, gradients, from, sums.length);
    }
  }

  private record Part(long iteration, int piece, int number) {}

  private float[] addOthers(Part part, float[] sums) throws InterruptedException {
    for (int other = 1; other < replicas; other++) {
      float[] others = links.take(key(part, other)).data();
      if (sums.length != others.length) {
        throw new IllegalStateException(
            "replica %d has %d gradients in part %d of piece %d, the first %d"
                .formatted(other, others.length, part.number(), part.piece(), sums.length));
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += others[i];
      }
    }
    for (int other = 1; other < replicas; other++) {
      send(other, key(part, 0), sums);
    }
    return sums;
  }

  private float[] exchange(Part part, float[] own) throws InterruptedException {
    send(0, key(part, replica), own);
    return links.take(key(part, 0)).data();
  }

  private void send(int to, MessageKey key, float[] gradients) throws InterruptedException {
    links.send(to, new Message(key, HostTensor.of(gradients, gradients.length)));
  }

  /** The sender's number and the part's stand where pipelines have their microbatch's. */
  private MessageKey key(Part part, int sender) {
    return new MessageKey(
        MessageKind.GRADIENT, part.iteration(), part.number() * replicas + sender, part.piece());
  }

  void conditions(int toReplica, LinkConditions conditions) {
    links.conditions(toReplica, conditions);
  }

  List<LinkSample> drainSamples() {
    return links.drainSamples();
  }
}
