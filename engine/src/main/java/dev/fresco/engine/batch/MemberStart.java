package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.sampler.SamplerSchedule;
import java.util.Arrays;

/**
 * Where a picture begins.
 *
 * @param sample {@code [channels, height, width]} before the first step
 * @param noise the stream that the sampler's draws go on from
 */
record MemberStart(HostTensor sample, TorchNoise noise) {

  /**
   * From the request's seed. One stream gives everything, in the order of diffusers' pipelines: a
   * picture to start from is drawn first, then its noise.
   *
   * @param shape of the latents
   * @throws EngineException if the picture to start from has another shape
   */
  static MemberStart of(SamplerSchedule schedule, PictureRequest request, long... shape) {
    TorchNoise noise = new TorchNoise(request.settings().seed());
    StartLatents start = request.start();
    if (start == null) {
      return new MemberStart(schedule.firstSample(noise.draw(shape)), noise);
    }
    if (!Arrays.equals(start.mean().shape(), shape)) {
      throw new EngineException(
          "the picture to start from has latents of %s; width and height ask for %s"
              .formatted(Arrays.toString(start.mean().shape()), Arrays.toString(shape)));
    }
    HostTensor picture = drawn(start, noise);
    return new MemberStart(schedule.firstSample(picture, noise.draw(shape)), noise);
  }

  /** From a noise of the caller's; the sampler's draws are the first ones of the seed. */
  static MemberStart of(SamplerSchedule schedule, PictureRequest request, HostTensor noise) {
    return new MemberStart(schedule.firstSample(noise), new TorchNoise(request.settings().seed()));
  }

  /** One of the pictures that the autoencoder holds possible. */
  private static HostTensor drawn(StartLatents start, TorchNoise noise) {
    if (start.deviation() == null) {
      return start.mean();
    }
    float[] values = noise.draw(start.mean().shape()).data();
    for (int i = 0; i < values.length; i++) {
      values[i] = start.mean().data()[i] + start.deviation().data()[i] * values[i];
    }
    return new HostTensor(start.mean().shape(), values);
  }
}
