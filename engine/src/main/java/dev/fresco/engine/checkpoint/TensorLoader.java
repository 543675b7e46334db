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
 * Brings stored tensors to the device in a wanted type. fp32 that is wanted as such, and kept,
 * stays where it is mapped. A tensor that is made into something else at once is read, into memory
 * that the one before it has left: to touch a mapped file for the first time takes the system
 * longer than to copy out of its cache.
 */
final class TensorLoader {
  private final TensorSource source;
  private final Kernel cast;

  TensorLoader(TensorSource source, KernelLibrary kernels) {
    this.source = source;
    this.cast = kernels.kernel("cast");
  }

  /**
   * A tensor to keep.
   *
   * @param scope the manager that it attaches to; its memory, which may be the file's own, is only
   *     valid as long as the scope is open
   * @throws EngineException naming the file and the key, if the tensor holds no floating-point
   *     numbers or one of them is not finite
   */
  NDArray load(NDManager scope, StoredTensor tensor, ComputeType wanted) {
    boolean mappable = tensor.type() == StoredType.F32 && wanted == ComputeType.FP32;
    return typed(scope, mappable ? mapped(scope, tensor) : read(scope, tensor), tensor, wanted);
  }

  /**
   * A tensor to make another of, and to drop then.
   *
   * @throws EngineException as {@link #load} does
   */
  NDArray loadBriefly(NDManager scope, StoredTensor tensor, ComputeType wanted) {
    return typed(scope, read(scope, tensor), tensor, wanted);
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
    ByteBuffer bytes = source.map(tensor);
    return isAligned(bytes, tensor.type())
        ? scope.create(bytes, new Shape(tensor.shape()), DataType.FLOAT32)
        : read(scope, tensor);
  }

  /** Files need not align their tensors; processors' vector loads may want it. */
  private static boolean isAligned(ByteBuffer bytes, StoredType type) {
    return !bytes.hasRemaining() || bytes.alignmentOffset(0, type.bytes()) == 0;
  }

  private NDArray read(NDManager scope, StoredTensor tensor) {
    Shape shape = new Shape(tensor.shape());
    DataType readAs = readAs(tensor);
    if (scope.getDevice().isGpu()) {
      return sent(scope, scope.create(source.map(tensor), shape, readAs), tensor);
    }
    // PyTorch's memory: what Java may have outside its heap would not hold a model.
    NDArray room =
        tensor.type() == StoredType.BF16
            ? cast.call("bf16_room").integers(tensor.shape()).run(scope)
            : scope.create(shape, readAs);
    if (tensor.byteCount() > 0) {
      source.read(tensor, room.toByteBuffer(true));
    }
    return room;
  }

  /** What came to a GPU, with bf16 numbers as such: DJL knows none. */
  private NDArray sent(NDManager scope, NDArray stored, StoredTensor tensor) {
    if (tensor.type() != StoredType.BF16) {
      return stored;
    }
    try (NDArray bits = stored) {
      return cast.call("from_bf16_bits").tensor(bits).run(scope);
    }
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
