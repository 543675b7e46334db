package dev.fresco.engine.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.ByteBuffer;

/**
 * Brings stored tensors to the device in a wanted type. fp32 that is wanted as such on a CPU stays
 * where it is mapped; everything else is converted once. DJL cannot name bf16, so it is read into
 * PyTorch's memory instead.
 */
final class TensorLoader {
  private final TensorSource source;
  private final Kernel cast;

  TensorLoader(TensorSource source, KernelLibrary kernels) {
    this.source = source;
    this.cast = kernels.kernel("cast");
  }

  /**
   * @param scope the manager that the tensor attaches to; its memory, which may be the file's own,
   *     is only valid as long as the scope is open
   * @throws EngineException naming the file and the key, if the tensor holds no floating-point
   *     numbers or one of them is not finite
   */
  NDArray load(NDManager scope, StoredTensor tensor, ComputeType wanted) {
    boolean bf16 = tensor.type() == StoredType.BF16;
    NDArray stored = bf16 ? read(scope, tensor) : mapped(scope, tensor);
    return typed(scope, stored, tensor, wanted);
  }

  private NDArray typed(NDManager scope, NDArray stored, StoredTensor tensor, ComputeType wanted) {
    requireFinite(tensor, stored);
    if (tensor.type() == asStored(wanted)) {
      return stored;
    }
    try (NDArray before = stored) {
      return cast.call("to_type").tensor(before).integer(wanted.torchType()).run(scope);
    }
  }

  private static StoredType asStored(ComputeType type) {
    return switch (type) {
      case FP32 -> StoredType.F32;
      case BF16 -> StoredType.BF16;
    };
  }

  private void requireFinite(StoredTensor tensor, NDArray numbers) {
    if (tensor.byteCount() > 0 && !FiniteNumbers.only(cast, numbers)) {
      throw new EngineException(
          "%s %s has numbers that are not finite (NaN or infinite)"
              .formatted(source.place(tensor), tensor.describe()));
    }
  }

  private NDArray mapped(NDManager scope, StoredTensor tensor) {
    DataType readAs = readAs(tensor);
    ByteBuffer bytes = source.map(tensor);
    return isAligned(bytes, tensor.type()) || scope.getDevice().isGpu()
        ? scope.create(bytes, new Shape(tensor.shape()), readAs)
        : read(scope, tensor);
  }

  /** Files need not align their tensors; processors' vector loads may want it. */
  private static boolean isAligned(ByteBuffer bytes, StoredType type) {
    return !bytes.hasRemaining() || bytes.alignmentOffset(0, type.bytes()) == 0;
  }

  private NDArray read(NDManager scope, StoredTensor tensor) {
    boolean bf16 = tensor.type() == StoredType.BF16;
    if (bf16 && scope.getDevice().isGpu()) {
      try (NDArray bits = mapped(scope, tensor)) {
        return cast.call("from_bf16_bits").tensor(bits).run(scope);
      }
    }
    // PyTorch's memory: what Java may have outside its heap would not hold a model.
    NDArray room =
        bf16
            ? cast.call("bf16_room").integers(tensor.shape()).run(scope)
            : scope.create(new Shape(tensor.shape()), readAs(tensor));
    if (tensor.byteCount() > 0) {
      source.read(tensor, room.toByteBuffer(true));
    }
    return room;
  }

  /** bf16 as what is as wide. */
  private DataType readAs(StoredTensor tensor) {
    return switch (tensor.type()) {
      case F64 -> DataType.FLOAT64;
      case F32 -> DataType.FLOAT32;
      case F16, BF16 -> DataType.FLOAT16;
      case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
          throw new EngineException(
              "%s is %s; weights may be F64, F32, F16 or BF16"
                  .formatted(source.place(tensor), tensor.describe()));
    };
  }
}
