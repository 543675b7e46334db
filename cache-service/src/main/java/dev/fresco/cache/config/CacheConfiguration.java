package dev.fresco.cache.config;

import dev.fresco.cache.flow.TemplateEventFlow;
import dev.fresco.cache.template.TemplateLimits;
import dev.fresco.cache.template.TemplatePictures;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.template.Template;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.CatalogueFollower;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.image.ImageInspector;
import dev.fresco.platform.web.BodyLimitFilter;
import dev.fresco.platform.web.UploadMemory;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.MultipartConfigElement;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Wires the catalogue of templates. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TemplateLimits.class)
@Import(CatalogueConfiguration.class)
public class CacheConfiguration {
  /** For a form's boundaries, headers and text parts, or the JSON around an image. */
  private static final long BODY_OVERHEAD = 64 * 1024;

  /** The bytes of the upload, what a growing buffer leaves behind, and the decoder's own copy. */
  private static final int COPIES = 3;

  @Bean
  Catalogue<Template> templates(StringRedisTemplate redis, EventCodec codec, MeterRegistry meters) {
    Catalogue<Template> templates =
        new Catalogue<>(redis, codec, "templates", Template.class, TemplatePictures::listing);
    Gauge.builder("fresco.cache.templates", templates, Catalogue::size)
        .description("Templates in the catalogue")
        .register(meters);
    return templates;
  }

  @Bean
  CatalogueFollower<Template> templateFollower(
      Catalogue<Template> templates,
      TemplateEventFlow flow,
      CatalogueFollower.Connections connections,
      CatalogueConfiguration.Settings settings) {
    return new CatalogueFollower<>(
        templates, Topics.TEMPLATES_EVENTS, flow::change, connections, settings.startLimit());
  }

  @Bean
  ImageInspector imageInspector(TemplateLimits limits) {
    return new ImageInspector(limits.image(), limits.image().decodedWithin(quarterOfTheHeap()));
  }

  @Bean
  UploadMemory uploadMemory(TemplateLimits limits) {
    return new UploadMemory(quarterOfTheHeap(), COPIES, limits.uploadWait());
  }

  private static long quarterOfTheHeap() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  @Bean
  MultipartConfigElement multipartConfigElement(TemplateLimits limits) {
    long bytes = limits.maxTemplateBytes().toBytes();
    return new MultipartConfigElement("", bytes, bytes + BODY_OVERHEAD, 0);
  }

  /** Recordings have limits of their own. */
  @Bean
  FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
      TemplateLimits limits,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    // In JSON, four characters stand for three bytes.
    long bytes = limits.maxTemplateBytes().toBytes() / 3 * 4 + BODY_OVERHEAD;
    FilterRegistrationBean<BodyLimitFilter> filter =
        new FilterRegistrationBean<>(
            new BodyLimitFilter(bytes, TemplateLimits.BYTES_KNOB, problems));
    filter.addUrlPatterns("/v1/*");
    return filter;
  }
}
