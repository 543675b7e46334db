package dev.fresco.engine.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.WeightShapes.Piece;
import dev.fresco.engine.checkpoint.WeightShapes.Use;
import dev.fresco.engine.checkpoint.WeightShapes.Wanted;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.HashMap;
import java.util.Map;

/**
 * A weight of a loaded network: how it is made of what the file holds, and so how it is made again
 * after it was changed.
 */
final class KeptWeight {
  private final StoredTensor stored;
  private final Wanted wanted;
  private final Form form;

  /** The stored weight where pieces share its memory, which may be the file's own; else null. */
  private NDArray base;

  /**
   * What all weights of a network have in common.
   *
   * @param manager of what stays
   * @param computeType of products
   * @param packed whether matrices and filters are kept in the processor's own layout
   */
  record Form(
      TensorLoader loader,
      Kernel pack,
      NDManager manager,
      ComputeType computeType,
      boolean packed) {
    Form exact() {
      return new Form(loader, pack, manager, ComputeType.FP32, packed);
    }
  }

  KeptWeight(StoredTensor stored, Wanted wanted, Form form) {
    this.stored = stored;
    this.wanted = wanted;
    this.form = form;
  }

  long[] shape() {
    return wanted.shape();
  }

  /**
   * The pieces of the stored weight, by the names that the kernel uses.
   *
   * @param scope the manager that they attach to
   */
  Map<String, NDArray> pieces(NDManager scope) {
    if (!isPacked()) {
      base = base == null ? form.loader().load(form.manager(), stored, type()) : base;
      return cut(scope, base);
    }
    try (NDManager passing = form.manager().newSubManager()) {
      return cut(scope, form.loader().load(passing, stored, type()));
    }
  }

  private ComputeType type() {
    return wanted.type(form.computeType());
  }

  /** Puts the stored weight back into a part where another stands. */
  void restore(KernelWeights part) {
    try (NDManager scope = form.manager().newSubManager()) {
      replace(part, pieces(scope), scope);
    }
  }

  /**
   * Puts the stored weight plus a low-rank product into its part.
   *
   * @param down fp32 {@code [rank, in, ...]}
   * @param up fp32 {@code [out, rank, ...]}
   */
  void patch(KernelWeights part, NDArray down, NDArray up) {
    try (NDManager scope = form.manager().newSubManager()) {
      NDArray sum =
          form.pack()
              .call("patched")
              .tensor(form.loader().load(scope, stored, ComputeType.FP32))
              .tensor(down)
              .tensor(up)
              .integer(type().torchType())
              .run(scope);
      replace(part, cut(scope, sum), scope);
    }
  }

  /** The dictionary holds the new tensors, so that their handles are not needed. */
  private void replace(KernelWeights part, Map<String, NDArray> pieces, NDManager scope) {
    pieces.forEach(
        (name, tensor) ->
            form.pack().call("replace").weights(part).text(name).tensor(tensor).run(scope));
  }

  private Map<String, NDArray> cut(NDManager scope, NDArray whole) {
    Map<String, NDArray> pieces = new HashMap<>();
    for (Piece piece : wanted.pieces()) {
      pieces.put(
          piece.name(),
          form.pack()
              .call(method())
              .tensor(whole)
              .integer(piece.first())
              .integer(piece.last())
              .run(scope));
    }
    return pieces;
  }

  private boolean isPacked() {
    return form.packed() && (wanted.use() == Use.MATRIX || wanted.use() == Use.FILTER);
  }

  /**
   * In bf16 the library's layout of a filter is the same for maps of all sizes. In fp32 it depends
   * on the size, and a filter in another size's layout is reordered at every call by a loop that is
   * ten times slower than the convolution; from channels last the way to each of them is short.
   */
  private String filterMethod() {
    return type() == ComputeType.BF16 ? "packed_filter" : "filter";
  }

  private String method() {
    return switch (wanted.use()) {
      case NORM, PLAIN -> "rows";
      case MATRIX -> form.packed() ? "packed_matrix" : "matrix";
      case FILTER -> form.packed() ? filterMethod() : "rows";
    };
  }
}
