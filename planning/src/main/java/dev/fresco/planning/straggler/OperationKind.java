package dev.fresco.planning.straggler;

/** What is timed. Operations of one kind are each other's peers. */
public enum OperationKind {
  /** A microbatch's forward pass through a stage. */
  FORWARD,
  /** A microbatch's gradients of the inputs of a stage. */
  BACKWARD,
  /** A microbatch's gradients of the weights of a stage. */
  WEIGHT,
  /** Activations on their way to the next stage. */
  SEND_ACTIVATION,
  /** Gradients on their way to the stage before. */
  SEND_GRADIENT
}
