package dev.fresco.trainer.link;

/** What a message carries. */
public enum MessageKind {
  /** What a forward pass gives to the piece of the model behind it. */
  ACTIVATION,
  /** The gradient of a piece's input, for the piece before it. */
  GRADIENT
}
