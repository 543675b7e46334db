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
 * Brings stored tensors to the device in a wanted type. fp32 stays where it is mapped when fp32 is
 * wanted on a CPU; everything else is converted once.
 */
final class TensorLoader {
  private final TensorSource source;
  private final Kernel cast;
  private final NDManager manager;

  TensorLoader(TensorSource source, KernelLibrary kernels, NDManager manager) {
    this.source = source;
    this.cast = kernels.kernel("cast");
    this.manager = manager;
  }

  /**
   * @throws EngineException naming the file and the key, if the tensor holds no floating-point
   *     numbers or one of them is not finite
   */
  NDArray load(StoredTensor tensor, ComputeType wanted) {
    return switch (tensor.type()) {
      case F64 -> converted(tensor, DataType.FLOAT64, "to_type", wanted);
      case F32 ->
          wanted == ComputeType.FP32
              ? mapped(tensor, DataType.FLOAT32)
              : converted(tensor, DataType.FLOAT32, "to_type", wanted);
      case F16 -> converted(tensor, DataType.FLOAT16, "to_type", wanted);
      case BF16 ->
          converted(tensor, DataType.FLOAT16, "from_bf16_bits", wanted); // DJL cannot make bf16
      case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
          throw new EngineException(
              "%s is %s; weights may be F64, F32, F16 or BF16"
                  .formatted(source.place(tensor), tensor.describe()));
    };
  }

  private NDArray converted(
      StoredTensor tensor, DataType readAs, String method, ComputeType wanted) {
    try (NDArray stored = mapped(tensor, readAs)) {
      return cast.call(method).tensor(stored).integer(wanted.torchType()).run(manager);
    }
  }

  private NDArray mapped(StoredTensor tensor, DataType readAs) {
    ByteBuffer bytes = source.map(tensor);
    if (!FiniteNumbers.only(tensor.type(), bytes)) {
      throw new EngineException(
          "%s %s has numbers that are not finite (NaN or infinite)"
              .formatted(source.place(tensor), tensor.describe()));
    }
    Shape shape = new Shape(tensor.shape());
    return isAligned(bytes, tensor.type()) || manager.getDevice().isGpu()
        ? manager.create(bytes, shape, readAs)
        : copied(bytes, shape, readAs);
  }

  /** Files need not align their tensors; processors' vector loads may want it. */
  private static boolean isAligned(ByteBuffer bytes, StoredType type) {
    return !bytes.hasRemaining() || bytes.alignmentOffset(0, type.bytes()) == 0;
  }

  /** Into PyTorch's memory: what Java may have outside its heap would not hold a model. */
  private NDArray copied(ByteBuffer bytes, Shape shape, DataType readAs) {
    NDArray copy = manager.create(shape, readAs);
    copy.toByteBuffer(true).put(bytes);
    return copy;
  }
}
