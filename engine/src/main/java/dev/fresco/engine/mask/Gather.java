package dev.fresco.engine.mask;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The windows of a convolution for all rows of a batch.
 *
 * @param index int32 {@code [outputs, 9]}: places in the source, which is the active tokens of all
 *     rows, then each member's ring rows, then a token of zeros
 * @param rings int32, for each member the places of its ring in the recorded map; empty without a
 *     recording
 */
public record Gather(NDArray index, List<NDArray> rings) {}
