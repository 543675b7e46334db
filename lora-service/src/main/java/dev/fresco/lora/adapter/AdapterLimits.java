package dev.fresco.lora.adapter;

import dev.fresco.engine.checkpoint.SafetensorsHeader;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxAdapterBytes of an uploaded file
 * @param maxAdapterHeaderBytes of the list of tensors at its start, which is read into memory
 */
@ConfigurationProperties("fresco.limits")
public record AdapterLimits(
    @DefaultValue("2GB") DataSize maxAdapterBytes,
    @DefaultValue("8MB") DataSize maxAdapterHeaderBytes) {
  public static final String BYTES_KNOB = "fresco.limits.max-adapter-bytes";
  public static final String HEADER_KNOB = "fresco.limits.max-adapter-header-bytes";

  /** The limit of a header, for the reader of safetensors files. */
  public SafetensorsHeader.Limit header() {
    return new SafetensorsHeader.Limit(maxAdapterHeaderBytes.toBytes(), HEADER_KNOB);
  }
}
