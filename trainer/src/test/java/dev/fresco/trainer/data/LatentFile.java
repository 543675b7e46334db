package dev.fresco.trainer.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fresco.engine.training.DiffusionTransformerShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
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
    int latentBytes = labels.length * size * Float.BYTES;
    int labelBytes = labels.length * Long.BYTES;
    String header =
        """
        {"latents":{"dtype":"F32","shape":[%d,%d,%d,%d],"data_offsets":[0,%d]},\
        "labels":{"dtype":"I64","shape":[%d],"data_offsets":[%d,%d]}}"""
            .formatted(
                labels.length,
                shape.channels(),
                shape.height(),
                shape.width(),
                latentBytes,
                labels.length,
                latentBytes,
                latentBytes + labelBytes);
    Random random = new Random(3);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length() + latentBytes + labelBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length())
            .put(header.getBytes(UTF_8));
    for (int label : labels) {
      for (int i = 0; i < size; i++) {
        bytes.putFloat((float) (label + 0.01 * random.nextGaussian()));
      }
    }
    for (int label : labels) {
      bytes.putLong(label);
    }
    try {
      return Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
