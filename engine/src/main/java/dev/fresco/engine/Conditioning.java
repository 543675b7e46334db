package dev.fresco.engine;

/**
 * What the text encoders made of a request's prompts. It may serve several pictures.
 *
 * @param truncated whether a prompt was cut to the encoder's limit
 */
public record Conditioning(TextStates positive, TextStates negative, boolean truncated) {}
