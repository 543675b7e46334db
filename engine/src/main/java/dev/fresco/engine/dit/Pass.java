package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.AdapterTerms;
import java.util.List;

/**
 * What all blocks read in one forward pass.
 *
 * @param scope of what lives until its end
 * @param conditions {@code [members, channels]}, in the type of the products
 */
record Pass(
    NDManager scope,
    TokenLayout layout,
    NDArray conditions,
    List<NDArray> rotations,
    AdapterTerms terms) {}
