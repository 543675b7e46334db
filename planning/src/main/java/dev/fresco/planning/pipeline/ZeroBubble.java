package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;
import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Schedules whose weight gradients fill the bubbles.
 *
 * <p>Goal: with equal stages and times, a third of 1F1B's bubble at 1F1B's memory (ZB-1P), or none
 * at twice the memory (ZB-2P) or at the same memory with two chunks a stage (ZB-V).
 *
 * <p>Constraints: the orders do not depend on times. Memory counts activations until their weight
 * gradient: S, 2 S - 1 and S at most on every stage.
 *
 * <p>Algorithm, ZB-1P and ZB-2P (the handcrafted ZB-H1 and ZB-H2 of arXiv:2401.10241, section 2):
 * with one more forward ahead (or two) for each stage behind it, stage i starts with S - i (or 2 (S
 * - i) - 1) forwards; then an input gradient, a weight gradient and a forward in turn. Weight
 * gradients are i (or 2 i) behind the input gradients, so that every stage holds the same.
 *
 * <p>Algorithm, ZB-V (arXiv:2405.15362, section 4): the model lies over the stages in a V, so that
 * the last piece, where gradients begin, is on the first stage. Stage i starts with 2 (S - i) - 1
 * forwards of its first chunk, takes i of both chunks in turn, then S - i rounds of the second
 * chunk alone, then rounds of both. At the end the gradients that others wait for go first. Fewer
 * than 2 S microbatches are planned as 2 S, of which those that do not exist are left out.
 *
 * <p>Example, ZB-1P: 2 stages, 3 microbatches. Stage 0: F0 F1 B0 W0 F2 B1 W1 B2 W2; stage 1: F0 B0
 * F1 B1 W0 F2 B2 W1 W2.
 */
public final class ZeroBubble {
  private ZeroBubble() {}

  /**
   * ZB-1P.
   *
   * @param stages at least 1
   * @param microbatches at least 1
   */
  public static Schedule onePart(int stages, int microbatches) {
    return ahead(stages, microbatches, 1);
  }

  /**
   * ZB-2P.
   *
   * @param stages at least 1
   * @param microbatches at least 1
   */
  public static Schedule twoParts(int stages, int microbatches) {
    return ahead(stages, microbatches, 2);
  }

  private static Schedule ahead(int stages, int microbatches, int slackness) {
    ModelChunks chunks = ModelChunks.onePerStage(stages);
    List<List<Operation>> orders = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      int warmup = 1 + slackness * (stages - 1 - stage);
      orders.add(order(Math.min(warmup, microbatches), slackness * stage, microbatches));
    }
    return new Schedule(microbatches, chunks, orders);
  }

  private static List<Operation> order(int warmup, int weightsBehind, int microbatches) {
    StageOrder order = new StageOrder(1);
    while (order.count(Kind.FORWARD) < warmup) {
      order.add(Kind.FORWARD);
    }
    while (order.count(Kind.INPUT_GRADIENT) < microbatches) {
      order.add(Kind.INPUT_GRADIENT);
      if (order.count(Kind.INPUT_GRADIENT) > weightsBehind) {
        order.add(Kind.WEIGHT_GRADIENT);
      }
      if (order.count(Kind.FORWARD) < microbatches) {
        order.add(Kind.FORWARD);
      }
    }
    while (order.count(Kind.WEIGHT_GRADIENT) < microbatches) {
      order.add(Kind.WEIGHT_GRADIENT);
    }
    return order.operations();
  }

  /**
   * ZB-V.
   *
   * @param stages at least 1
   * @param microbatches at least 1
   */
  public static Schedule vee(int stages, int microbatches) {
    Require.atLeast("microbatches", microbatches, 1);
    ModelChunks chunks = new ModelChunks(stages, 2, ModelChunks.Layout.ZIGZAG);
    int planned = Math.max(microbatches, 2 * stages);
    List<List<Operation>> orders = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      orders.add(veeOrder(stages, stage, planned));
    }
    return new Schedule(planned, chunks, orders).firstMicrobatches(microbatches);
  }

  private static List<Operation> veeOrder(int stages, int stage, int microbatches) {
    StageOrder order = new StageOrder(2);
    for (int i = 0; i < 2 * (stages - stage) - 1; i++) {
      order.add(Kind.FORWARD, 0);
    }
    for (int i = 0; i < stage; i++) {
      order.add(Kind.FORWARD, 1);
      order.add(Kind.FORWARD, 0);
    }
    for (int i = stage; i < stages; i++) {
      order.add(Kind.FORWARD, 1);
      gradients(order, 1);
    }
    while (order.count(Kind.FORWARD, 1) < microbatches) {
      if (order.count(Kind.FORWARD, 0) < microbatches) {
        order.add(Kind.FORWARD, 0);
      }
      gradients(order, 0);
      order.add(Kind.FORWARD, 1);
      gradients(order, 1);
    }
    for (int i = 0; i < stage; i++) {
      order.add(Kind.INPUT_GRADIENT, 0);
      order.add(Kind.INPUT_GRADIENT, 1);
    }
    while (order.count(Kind.INPUT_GRADIENT, 0) < microbatches) {
      gradients(order, 0);
    }
    for (int chunk = 1; chunk >= 0; chunk--) {
      while (order.count(Kind.WEIGHT_GRADIENT, chunk) < microbatches) {
        order.add(Kind.WEIGHT_GRADIENT, chunk);
      }
    }
    return order.operations();
  }

  private static void gradients(StageOrder order, int chunk) {
    order.add(Kind.INPUT_GRADIENT, chunk);
    order.add(Kind.WEIGHT_GRADIENT, chunk);
  }
}
