package dev.fresco.worker.edit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.StartLatents;

/**
 * Latents of templates, each encoded once for this worker's model and kept within a bound of bytes.
 * They are the mean of what the autoencoder holds possible, and their noise is their own, so that
 * every edit and every recording of a template has the same around its mask.
 */
public final class TemplateLatents {
  private static final int ENTRY_BYTES = 256;
  private static final int SEED_DIGITS = 16;

  /** A few KiB each. */
  private static final int MOST_STATISTICS = 1000;

  private final DiffusionModel model;
  private final Cache<Key, HostTensor> kept;
  private final Cache<Key, DecoderStatistics> statistics =
      Caffeine.newBuilder().maximumSize(MOST_STATISTICS).executor(Runnable::run).build();

  private record Key(String sha256, int width, int height) {}

  /**
   * @param maxBytes of all that is kept; 0 keeps nothing
   */
  public TemplateLatents(DiffusionModel model, long maxBytes) {
    this.model = model;
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, HostTensor mean) -> ENTRY_BYTES + Float.BYTES * mean.data().length)
            .executor(Runnable::run)
            .build();
  }

  /**
   * A template to start from.
   *
   * @param picture that the image shows
   * @param strength share of the steps to take, over 0 to 1
   */
  StartLatents of(JobImage image, Picture picture, double strength) {
    return new StartLatents(mean(image, picture), null, strength);
  }

  private HostTensor mean(JobImage image, Picture picture) {
    return kept.get(key(image, picture), unknown -> model.encodePicture(picture, 1).mean());
  }

  /** What the decoder's norms see in a template; decodes it when first asked. */
  DecoderStatistics decoderStatistics(JobImage image, Picture picture) {
    return statistics.get(
        key(image, picture), unknown -> model.decoderStatistics(mean(image, picture)));
  }

  private static Key key(JobImage image, Picture picture) {
    return new Key(image.object().sha256(), picture.width(), picture.height());
  }

  /** Of the noise around the mask: the first eight bytes of the template's SHA-256. */
  static long noiseSeed(JobImage image) {
    return Long.parseUnsignedLong(image.object().sha256().substring(0, SEED_DIGITS), 16);
  }

  /** Bytes of all that is kept. */
  public long bytes() {
    return kept.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }
}
