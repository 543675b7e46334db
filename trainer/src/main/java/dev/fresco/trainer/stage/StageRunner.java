package dev.fresco.trainer.stage;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.training.Microbatch;
import dev.fresco.engine.training.StageNetwork;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.trainer.link.Message;
import dev.fresco.trainer.link.MessageKey;
import dev.fresco.trainer.link.MessageKind;
import dev.fresco.trainer.link.StageLinks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Carries out one stage's part of a schedule.
 *
 * <p>Goal: any order that {@link dev.fresco.planning.pipeline.ScheduleCheck} accepts is carried out
 * as it stands, and what each operation takes is known without waits.
 *
 * <p>Constraints: the thread that runs one iteration runs all. Gradients are added to the stage's
 * sums and not yet used.
 *
 * <p>Algorithm: for each operation take what it needs, time it, send what came out. A piece whose
 * neighbour lies on the same stage hands over in memory. {@code BACKWARD} is an input gradient and
 * a weight gradient, whose result leaves when both are done, as in frameworks that compute them as
 * one.
 */
public final class StageRunner {
  private final int stage;
  private final ModelChunks chunks;
  private final List<StageNetwork> networks;
  private final StageLinks links;
  private final InstantSource clock;
  private Duration leastOperation = Duration.ZERO;

  /**
   * @param networks by chunk
   */
  public StageRunner(
      int stage,
      ModelChunks chunks,
      List<StageNetwork> networks,
      StageLinks links,
      InstantSource clock) {
    this.stage = stage;
    this.chunks = chunks;
    this.networks = List.copyOf(networks);
    this.links = links;
    this.clock = clock;
  }

  /** Holds operations that end sooner for so long, as if a slower device computed them. */
  public void pace(Duration least) {
    leastOperation = least;
  }

  /**
   * Runs an iteration. After a failure the stage's sums of gradients are of no use.
   *
   * @param iteration tells its messages from those of others
   * @param order all of this stage's operations
   * @param data the iteration's microbatch of a number
   * @throws IllegalStateException if the order needs what it does not make first
   * @throws dev.fresco.engine.EngineException if a kernel fails
   */
  public StageIteration run(long iteration, List<Operation> order, IntFunction<Microbatch> data)
      throws InterruptedException {
    Iteration running = new Iteration(iteration, data);
    for (Operation operation : order) {
      running.run(operation);
    }
    return new StageIteration(running.losses, running.samples);
  }

  /** Makes what an operation sends; empty where nothing is behind or before the piece. */
  private interface Pass {
    Optional<HostTensor> run();
  }

  private final class Iteration {
    private final long number;
    private final IntFunction<Microbatch> data;
    private final SortedMap<Integer, Double> losses = new TreeMap<>();
    private final List<OperationSample> samples = new ArrayList<>();

    /** From piece to piece within this stage. */
    private final Map<MessageKey, HostTensor> handedOver = new HashMap<>();

    Iteration(long number, IntFunction<Microbatch> data) {
      this.number = number;
      this.data = data;
    }

    void run(Operation operation) throws InterruptedException {
      int microbatch = operation.microbatch();
      int piece = chunks.piece(stage, operation.chunk());
      switch (operation.kind()) {
        case FORWARD ->
            send(forward(operation, piece), MessageKind.ACTIVATION, microbatch, piece + 1);
        case INPUT_GRADIENT ->
            send(inputGradient(operation, piece), MessageKind.GRADIENT, microbatch, piece - 1);
        case WEIGHT_GRADIENT -> weightGradient(operation);
        case BACKWARD -> {
          Optional<HostTensor> gradient = inputGradient(operation, piece);
          weightGradient(operation);
          send(gradient, MessageKind.GRADIENT, microbatch, piece - 1);
        }
      }
    }

    private Optional<HostTensor> forward(Operation operation, int piece)
        throws InterruptedException {
      StageNetwork network = networks.get(operation.chunk());
      Microbatch microbatch = data.apply(operation.microbatch());
      Pass pass;
      if (piece == 0) {
        pass = () -> network.forward(microbatch);
      } else {
        HostTensor input = take(MessageKind.ACTIVATION, operation.microbatch(), piece, piece - 1);
        pass = () -> network.forward(microbatch, input);
      }
      Optional<HostTensor> output = timed(Kind.FORWARD, operation, pass);
      if (piece == chunks.pieces() - 1) {
        losses.put(operation.microbatch(), network.loss(operation.microbatch()));
      }
      return output;
    }

    private Optional<HostTensor> inputGradient(Operation operation, int piece)
        throws InterruptedException {
      StageNetwork network = networks.get(operation.chunk());
      int microbatch = operation.microbatch();
      if (piece == chunks.pieces() - 1) {
        return timed(Kind.INPUT_GRADIENT, operation, () -> network.backward(microbatch));
      }
      HostTensor gradient = take(MessageKind.GRADIENT, microbatch, piece, piece + 1);
      return timed(Kind.INPUT_GRADIENT, operation, () -> network.backward(microbatch, gradient));
    }

    private void weightGradient(Operation operation) throws InterruptedException {
      timed(
          Kind.WEIGHT_GRADIENT,
          operation,
          () -> {
            networks.get(operation.chunk()).weightGradients(operation.microbatch());
            return Optional.empty();
          });
    }

    private Optional<HostTensor> timed(Kind kind, Operation operation, Pass pass)
        throws InterruptedException {
      Instant start = clock.instant();
      Optional<HostTensor> result = pass.run();
      holdUntil(start.plus(leastOperation));
      double millis = Duration.between(start, clock.instant()).toNanos() / 1e6;
      Operation timed = new Operation(kind, operation.microbatch(), operation.chunk());
      samples.add(new OperationSample(timed, start, millis));
      return result;
    }

    private void holdUntil(Instant end) throws InterruptedException {
      long left = Duration.between(clock.instant(), end).toNanos();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
    }

    private HostTensor take(MessageKind kind, int microbatch, int piece, int maker)
        throws InterruptedException {
      MessageKey key = new MessageKey(kind, number, microbatch, piece);
      if (chunks.stageOf(maker) != stage) {
        return links.take(key);
      }
      HostTensor made = handedOver.remove(key);
      if (made == null) {
        throw new IllegalStateException(
            "stage %d waits for %s, which it has not made".formatted(stage, key));
      }
      return made;
    }

    private void send(Optional<HostTensor> made, MessageKind kind, int microbatch, int piece)
        throws InterruptedException {
      if (made.isEmpty()) {
        return;
      }
      MessageKey key = new MessageKey(kind, number, microbatch, piece);
      int receiver = chunks.stageOf(piece);
      if (receiver == stage) {
        handedOver.put(key, made.get());
      } else {
        links.send(receiver, new Message(key, made.get()));
      }
    }
  }
}
