package dev.fresco.cache.template;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxTemplateBytes of an image file
 * @param maxTemplatePixels width times height, checked before an image is decoded
 */
@ConfigurationProperties("fresco.limits")
public record TemplateLimits(
    @DefaultValue("20MB") DataSize maxTemplateBytes,
    @DefaultValue("16777216") long maxTemplatePixels) {
  public static final String BYTES_KNOB = "fresco.limits.max-template-bytes";
  public static final String PIXELS_KNOB = "fresco.limits.max-template-pixels";
}
