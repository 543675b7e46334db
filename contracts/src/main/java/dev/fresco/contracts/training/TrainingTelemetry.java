package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.List;

/**
 * What one stage did in one iteration: how long its operations and its messages took, without any
 * waits. Whether the numbers can be true is asked elsewhere.
 *
 * @param at when the iteration began on this stage
 * @param iteration from 0
 * @param replica from 0
 * @param stage from 0
 * @param iterationMillis from the begin of the stage's first operation to the end of its last,
 *     waits included
 * @param loss mean over the replica's microbatches, on the last stage; or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingTelemetry(
    String trainingJobId,
    Instant at,
    long iteration,
    int replica,
    int stage,
    double iterationMillis,
    Double loss,
    List<Operations> operations,
    List<Messages> messages) {
  public TrainingTelemetry {
    Require.text("trainingJobId", trainingJobId);
    Require.present("at", at);
    operations = operations == null ? List.of() : List.copyOf(operations);
    messages = messages == null ? List.of() : List.copyOf(messages);
  }

  /** Sorts of operations, named as in schedules. */
  public enum Kind {
    /** Forward. */
    F,
    /** Gradient of the stage's input. */
    B,
    /** Gradients of the weights. */
    W,
    /** Both gradients in one. */
    BW
  }

  /** Sorts of messages. */
  public enum MessageKind {
    /** To the next stage. */
    ACTIVATION("activation"),
    /** To the stage before. */
    GRADIENT("gradient"),
    /** Sums of gradients, to the same stage of another replica. */
    ALL_REDUCE("all-reduce");

    private final String wireName;

    MessageKind(String wireName) {
      this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
      return wireName;
    }
  }

  /**
   * All operations of one kind.
   *
   * @param millis of each, in the order in which they ran
   */
  public record Operations(Kind kind, List<Double> millis) {
    public Operations {
      Require.present("kind", kind);
      millis = List.copyOf(millis);
    }
  }

  /**
   * All messages of one kind to one receiver.
   *
   * @param toStage that got them
   * @param toReplica that got them
   * @param millis of each on its way, in the order in which they were sent
   */
  public record Messages(MessageKind kind, int toStage, int toReplica, List<Double> millis) {
    public Messages {
      Require.present("kind", kind);
      millis = List.copyOf(millis);
    }
  }
}
