package dev.fresco.trainer.data;

import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.checkpoint.StoredType;
import dev.fresco.engine.training.DiffusionTransformerShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;

/** A safetensors file of pictures that are their labels, with a little noise. */
public final class LatentFile {
  private LatentFile() {}

  /** Of labels in turn. */
  public static Path write(Path file, int pictures, DiffusionTransformerShape model) {
    int[] labels = new int[pictures];
    for (int i = 0; i < pictures; i++) {
      labels[i] = i % model.labels();
    }
    return write(file, model.latents(), labels);
  }

  static Path write(Path file, DiffusionTransformerShape.Latents shape, int... labels) {
    int size = shape.channels() * shape.height() * shape.width();
    float[] latents = new float[labels.length * size];
    ByteBuffer stored =
        ByteBuffer.allocate(labels.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(3);
    for (int i = 0; i < latents.length; i++) {
      latents[i] = (float) (labels[i / size] + 0.01 * random.nextGaussian());
    }
    for (int label : labels) {
      stored.putLong(label);
    }
    return new SafetensorsBytes()
        .floats("latents", latents, labels.length, shape.channels(), shape.height(), shape.width())
        .with("labels", StoredType.I64, stored.array(), labels.length)
        .writeTo(file);
  }
}
