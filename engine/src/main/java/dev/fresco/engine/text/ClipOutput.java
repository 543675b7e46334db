package dev.fresco.engine.text;

import dev.fresco.engine.HostTensor;

/**
 * What a CLIP text encoder makes of one text.
 *
 * @param last {@code [tokens, channels]}, the states after the last layer and the final norm
 * @param penultimate {@code [tokens, channels]}, the states before the last layer, without norm
 * @param pooled {@code [channels]}, the row of {@code last} at the token that ends the text
 */
public record ClipOutput(HostTensor last, HostTensor penultimate, HostTensor pooled) {}
