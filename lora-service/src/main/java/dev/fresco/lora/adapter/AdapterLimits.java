package dev.fresco.lora.adapter;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxAdapterBytes of an uploaded file
 */
@ConfigurationProperties("fresco.limits")
public record AdapterLimits(@DefaultValue("2GB") DataSize maxAdapterBytes) {
  public static final String BYTES_KNOB = "fresco.limits.max-adapter-bytes";
}
