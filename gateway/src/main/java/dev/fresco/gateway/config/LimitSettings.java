package dev.fresco.gateway.config;

import dev.fresco.platform.image.ImageLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one caller may ask for. Each limit is named in the error that it causes.
 *
 * @param maxPromptCharacters of each prompt
 * @param maxSteps denoising steps; a model's own maximum holds as well
 * @param maxCount pictures of one job
 * @param maxLabels labels of one job
 * @param maxLabelCharacters of a label's value; its key may have 64
 * @param maxLoras of one job
 * @param maxControlnets of one job
 * @param maxAdapterScale of a LoRA, in either direction, and of a ControlNet
 * @param maxMaskMargin pixels by which a mask may be grown
 * @param maxImageBytes of a picture in a job request
 * @param maxImagePixels width times height of such a picture
 * @param maxBody of a job request
 * @param uploadWait how long a large job request waits for memory that others hold
 * @param maxStreams event streams of jobs open at once
 * @param maxForwardedStreams event streams of other services open at once; each has a thread
 * @param maxPage jobs in one answer of the list
 */
@ConfigurationProperties("fresco.limits")
public record LimitSettings(
    @DefaultValue("4000") int maxPromptCharacters,
    @DefaultValue("150") int maxSteps,
    @DefaultValue("4") int maxCount,
    @DefaultValue("16") int maxLabels,
    @DefaultValue("256") int maxLabelCharacters,
    @DefaultValue("8") int maxLoras,
    @DefaultValue("3") int maxControlnets,
    @DefaultValue("10") double maxAdapterScale,
    @DefaultValue("64") int maxMaskMargin,
    @DefaultValue("8MB") DataSize maxImageBytes,
    @DefaultValue("4194304") long maxImagePixels,
    @DefaultValue("32MB") DataSize maxBody,
    @DefaultValue("10s") Duration uploadWait,
    @DefaultValue("1000") int maxStreams,
    @DefaultValue("200") int maxForwardedStreams,
    @DefaultValue("100") int maxPage) {

  /** The limits of a picture in a job request. */
  public ImageLimits image() {
    return new ImageLimits(
        maxImageBytes.toBytes(),
        "fresco.limits.max-image-bytes",
        maxImagePixels,
        "fresco.limits.max-image-pixels");
  }
}
