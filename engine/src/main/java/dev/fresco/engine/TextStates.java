package dev.fresco.engine;

/**
 * What the text encoders made of one text.
 *
 * @param states {@code [tokens, channels]}
 * @param pooled {@code [channels]}, the text as a whole; null in families that take none
 */
public record TextStates(HostTensor states, HostTensor pooled) {}
