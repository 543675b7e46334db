package dev.fresco.lora.config;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.lora.adapter.AdapterLimits;
import dev.fresco.lora.adapter.AdapterShelf;
import dev.fresco.lora.adapter.AdapterUpload;
import dev.fresco.lora.flow.AdapterEventFlow;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.CatalogueFollower;
import dev.fresco.platform.catalogue.Listed;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.web.BodyLimitFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.MultipartConfigElement;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Wires the catalogue of adapters. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdapterLimits.class)
@Import(CatalogueConfiguration.class)
public class LoraConfiguration {
  /** For a form's boundaries, headers and text parts, and the config of a ControlNet. */
  private static final long BODY_OVERHEAD = AdapterUpload.LARGEST_CONFIG + 64 * 1024;

  @Bean
  Catalogue<Adapter> adapters(StringRedisTemplate redis, EventCodec codec, MeterRegistry meters) {
    Catalogue<Adapter> adapters =
        new Catalogue<>(
            redis,
            codec,
            "adapters",
            Adapter.class,
            adapter ->
                new Listed(
                    List.of(AdapterShelf.of(adapter.tenant(), adapter.kind())),
                    adapter.createdAt()));
    Gauge.builder("fresco.lora.adapters", adapters, Catalogue::size)
        .description("Adapters in the catalogue")
        .register(meters);
    return adapters;
  }

  @Bean
  CatalogueFollower<Adapter> adapterFollower(
      Catalogue<Adapter> adapters,
      AdapterEventFlow flow,
      CatalogueFollower.Connections connections,
      CatalogueConfiguration.Settings settings) {
    return new CatalogueFollower<>(
        adapters, Topics.ADAPTERS_EVENTS, flow::change, connections, settings.startLimit());
  }

  @Bean
  MultipartConfigElement multipartConfigElement(AdapterLimits limits) {
    long bytes = limits.maxAdapterBytes().toBytes();
    return new MultipartConfigElement("", bytes, bytes + BODY_OVERHEAD, 0);
  }

  @Bean
  BodyLimitFilter bodyLimitFilter(
      AdapterLimits limits,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    return new BodyLimitFilter(
        limits.maxAdapterBytes().toBytes() + BODY_OVERHEAD, AdapterLimits.BYTES_KNOB, problems);
  }
}
