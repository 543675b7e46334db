package dev.fresco.cache.template;

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
  /** Decoded, a pixel takes four bytes; a decoder may hold it twice. */
  private static final long PIXEL_BYTES = 8;

  public static final String BYTES_KNOB = "fresco.limits.max-template-bytes";
  public static final String PIXELS_KNOB = "fresco.limits.max-template-pixels";

  /** How many of the largest images fit an amount of memory, decoded; at least one. */
  public int decodedWithin(long memoryBytes) {
    long fit = memoryBytes / (PIXEL_BYTES * maxTemplatePixels);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, fit));
  }
}
