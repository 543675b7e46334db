package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRegion;
import dev.fresco.engine.Region;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.NativeFailure;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Between pictures and the latents that a denoising network works on. */
final class PictureCodec {
  private final NDManager manager;
  private final Kernel kernel;
  private final Autoencoder autoencoder;

  /** Fitted when the first preview is wanted, so that a load does not wait for it. */
  private LatentPreview preview;

  PictureCodec(KernelLibrary kernels, Autoencoder autoencoder) {
    this.manager = kernels.manager();
    this.kernel = kernels.kernel("denoise");
    this.autoencoder = autoencoder;
  }

  Autoencoder autoencoder() {
    return autoencoder;
  }

  Picture decode(HostTensor latents) {
    return during(
        "decoding a picture",
        scope -> picture(kernel.call("pixels").tensor(unit(scope, latents)).run(scope)));
  }

  private <T> T during(String what, Function<NDManager, T> work) {
    return NativeFailure.during(
        what,
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            return work.apply(scope);
          }
        });
  }

  DecoderStatistics statistics(HostTensor latents) {
    return during(
        "decoding a picture", scope -> autoencoder.statistics(scope, own(scope, latents)));
  }

  PictureRegion decodeRegion(HostTensor latents, Region region, DecoderStatistics recorded) {
    long[] shape = latents.shape();
    Region all = Region.whole((int) shape[1], (int) shape[2]);
    if (!all.contains(region)) {
      throw new EngineException(
          "%s is not within latents of %d x %d".formatted(region, shape[1], shape[2]));
    }
    Picture picture =
        during(
            "decoding a part of a picture",
            scope -> {
              NDArray decoded =
                  autoencoder.decodeRegion(scope, own(scope, latents), region, recorded);
              NDArray unit = kernel.call("unit").tensor(decoded).run(scope);
              return picture(kernel.call("pixels").tensor(unit).run(scope));
            });
    return new PictureRegion(region.times(autoencoder.factor()), picture);
  }

  /** {@code [3, height, width]} in 0..1. */
  HostTensor decodeUnrounded(HostTensor latents) {
    return during("decoding a picture", scope -> host(unit(scope, latents)));
  }

  Picture preview(HostTensor latents) {
    return fitted().paint(latents);
  }

  private synchronized LatentPreview fitted() {
    if (preview == null) {
      preview = NativeFailure.during("preview", () -> LatentPreview.fit(manager, autoencoder));
    }
    return preview;
  }

  /** A picture as latents to start from. */
  StartLatents encode(Picture picture, double strength) {
    return during("encoding a picture", scope -> encode(scope, picture, strength));
  }

  private StartLatents encode(NDManager scope, Picture picture, double strength) {
    NDArray pixels = pixels(scope, kernel, picture).mul(2).sub(1);
    Autoencoder.Encoding encoding = autoencoder.encode(scope, pixels);
    NDArray mean = encoding.mean().sub(autoencoder.shiftFactor()).mul(autoencoder.scalingFactor());
    HostTensor deviation =
        encoding
            .logVariance()
            .map(log -> host(log.mul(0.5).exp().mul(autoencoder.scalingFactor())))
            .orElse(null);
    return new StartLatents(host(mean), deviation, strength);
  }

  /** {@code [1, 3, height, width]} in 0..1. */
  static NDArray pixels(NDManager scope, Kernel kernel, Picture picture) {
    try (NDArray bytes =
        scope.create(
            ByteBuffer.wrap(picture.rgb()),
            new Shape(picture.height(), picture.width(), 3),
            DataType.UINT8)) {
      return kernel.call("from_pixels").tensor(bytes).run(scope);
    }
  }

  private static HostTensor host(NDArray map) {
    long[] shape = map.getShape().getShape();
    return HostTensor.of(map.toFloatArray(), shape[1], shape[2], shape[3]);
  }

  /** {@code [1, 3, height, width]} in 0..1. */
  private NDArray unit(NDManager scope, HostTensor latents) {
    return kernel.call("unit").tensor(autoencoder.decode(scope, own(scope, latents))).run(scope);
  }

  /** The autoencoder's latents, {@code [1, channels, height, width]}. */
  private NDArray own(NDManager scope, HostTensor latents) {
    long[] shape = latents.shape();
    NDArray network = scope.create(latents.data(), new Shape(1, shape[0], shape[1], shape[2]));
    return network.div(autoencoder.scalingFactor()).add(autoencoder.shiftFactor());
  }

  /**
   * @param pixels fp32 {@code [height, width, 3]}, whole numbers of 0 to 255
   */
  private static Picture picture(NDArray pixels) {
    float[] values = pixels.toFloatArray();
    byte[] rgb = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw new NotFiniteException("the autoencoder's picture is not finite");
      }
      rgb[i] = (byte) values[i];
    }
    return new Picture((int) pixels.getShape().get(1), (int) pixels.getShape().get(0), rgb);
  }
}
