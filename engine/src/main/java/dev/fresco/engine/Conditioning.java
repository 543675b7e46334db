package dev.fresco.engine;

/**
 * What the text encoders made of a request's prompts. It may serve several pictures.
 *
 * @param positive {@code [tokens, channels]}
 * @param negative {@code [tokens, channels]}
 * @param truncated whether the prompt was cut to the encoder's limit
 */
public record Conditioning(HostTensor positive, HostTensor negative, boolean truncated) {}
