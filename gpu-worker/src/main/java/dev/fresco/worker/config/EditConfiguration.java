package dev.fresco.worker.config;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.planning.cost.BreakEven;
import dev.fresco.platform.recording.RecordingFetch;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.recording.RecordingFormat;
import dev.fresco.worker.edit.EditPreparation;
import dev.fresco.worker.edit.LoadingCosts;
import dev.fresco.worker.edit.TemplateLatents;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.loop.LoopMeters;
import dev.fresco.worker.prepare.EditJobs;
import dev.fresco.worker.prepare.JobPreparation;
import dev.fresco.worker.recording.CacheService;
import dev.fresco.worker.recording.Recordings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How this worker edits, and comes by recordings. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EditSettings.class)
public class EditConfiguration {
  private static final Duration RANGE_LIMIT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final RecordingFormat<RecordingFile> FORMAT =
      new RecordingFormat<>(RecordingFile::open, RecordingFile::verify);

  @Bean
  RecordingFolder<RecordingFile> recordingFolder(
      EditSettings settings, WorkerSettings worker, MeterRegistry meters, Clock clock) {
    RecordingFolder<RecordingFile> folder =
        new RecordingFolder<>(
            new RecordingFolder.Settings(
                settings.recordingFolder().resolve(worker.id()),
                settings.recordingDisk().toBytes(),
                "fresco.worker.edit.recording-disk",
                settings.diskReserve().toBytes()),
            FORMAT,
            clock);
    meters.gauge("fresco.worker.recordings.disk.bytes", folder, RecordingFolder::bytes);
    return folder;
  }

  @Bean
  Recordings recordings(
      RecordingFolder<RecordingFile> folder, EditSettings settings, MeterRegistry meters) {
    CacheService service = new CacheService(settings.cacheService(), settings.transferLimit());
    RecordingFetch<RecordingFile> fetch =
        new RecordingFetch<>(
            folder,
            FORMAT,
            service.source(),
            new RecordingFetch.Settings(
                null, settings.bandwidth().toBytes(), RANGE_LIMIT, ATTEMPTS, PAUSE),
            meters);
    return new Recordings(folder, fetch, service, settings.int8(), meters);
  }

  @Bean
  EditPreparation editPreparation(
      DiffusionModel model, EditSettings settings, LoopMeters loop, MeterRegistry meters) {
    TemplateLatents templates = new TemplateLatents(model, settings.templateMemory().toBytes());
    meters.gauge("fresco.worker.templates.bytes", templates, TemplateLatents::bytes);
    DoubleSupplier breakEven =
        settings.breakEven() == null ? () -> BreakEven.share(loop.costs()) : settings::breakEven;
    meters.gauge("fresco.worker.edit.break.even", breakEven, DoubleSupplier::getAsDouble);
    double storage = settings.storageBandwidth().toBytes();
    LoadingCosts loading =
        new LoadingCosts(loop::costs, storage == 0 ? Double.POSITIVE_INFINITY : storage);
    return new EditPreparation(model, templates, settings, breakEven, loading);
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
