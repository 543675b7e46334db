package dev.fresco.worker.config;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.worker.edit.EditPreparation;
import dev.fresco.worker.edit.TemplateLatents;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.prepare.EditJobs;
import dev.fresco.worker.prepare.JobPreparation;
import dev.fresco.worker.recording.CacheService;
import dev.fresco.worker.recording.RecordingExchange;
import dev.fresco.worker.recording.RecordingShelf;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.recording.Shelved;
import dev.fresco.worker.source.LeasedCache;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How this worker edits, and comes by recordings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EditSettings.class)
public class EditConfiguration {

  @Bean
  RecordingShelf recordingShelf(
      EditSettings settings, WorkerSettings worker, MeterRegistry meters) {
    LeasedCache<String, Shelved> files =
        new LeasedCache<>(
            settings.recordingDisk().toBytes(), "fresco.worker.edit.recording-disk");
    meters.gauge("fresco.worker.recordings.disk.bytes", files, LeasedCache::used);
    return new RecordingShelf(settings.recordingFolder().resolve(worker.id()), files);
  }

  @Bean
  RecordingExchange recordingExchange(EditSettings settings) {
    return new CacheService(settings.cacheService(), settings.transferLimit());
  }

  @Bean
  Recordings recordings(
      RecordingShelf shelf, RecordingExchange exchange, MeterRegistry meters) {
    return new Recordings(shelf, exchange, meters);
  }

  @Bean
  EditPreparation editPreparation(
      DiffusionModel model, EditSettings settings, MeterRegistry meters) {
    TemplateLatents templates =
        new TemplateLatents(model, settings.templateMemory().toBytes());
    meters.gauge("fresco.worker.templates.bytes", templates, TemplateLatents::bytes);
    return new EditPreparation(model, templates, settings);
  }

  @Bean
  EditJobs editJobs(
      DiffusionModel model,
      JobPreparation plain,
      EditPreparation preparation,
      Recordings recordings,
      EditSettings settings,
      DenoisingLoop loop) {
    return new EditJobs(model.card(), plain, preparation, recordings, settings, loop);
  }
}
