package dev.fresco.cache.template;

import dev.fresco.platform.image.ImageLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxTemplateBytes of an image file
 * @param maxTemplatePixels width times height, checked before an image is decoded
 * @param uploadWait how long an upload waits for memory that others hold
 */
@ConfigurationProperties("fresco.limits")
public record TemplateLimits(
    @DefaultValue("20MB") DataSize maxTemplateBytes,
    @DefaultValue("16777216") long maxTemplatePixels,
    @DefaultValue("10s") Duration uploadWait) {
  public static final String BYTES_KNOB = "fresco.limits.max-template-bytes";
  public static final String PIXELS_KNOB = "fresco.limits.max-template-pixels";

  /** The limits of a template's image. */
  public ImageLimits image() {
    return new ImageLimits(maxTemplateBytes.toBytes(), BYTES_KNOB, maxTemplatePixels, PIXELS_KNOB);
  }
}
