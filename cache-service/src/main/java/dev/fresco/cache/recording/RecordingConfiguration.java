package dev.fresco.cache.recording;

import dev.fresco.cache.template.TemplatePictures;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.recording.RecordingFetch;
import dev.fresco.platform.recording.RecordingFolder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Wires the recordings of this node. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RecordingSettings.class)
class RecordingConfiguration {
  private static final int ATTEMPTS = 3;

  @Bean
  RecordingFolder<RecordingFile> recordingFolder(RecordingSettings settings, Clock clock) {
    return new RecordingFolder<>(
        new RecordingFolder.Settings(
            settings.folder(),
            settings.disk().toBytes(),
            RecordingSettings.DISK_KNOB,
            settings.diskReserve().toBytes()),
        RecordingFiles.FORMAT,
        clock);
  }

  @Bean
  RecordingRegister recordingRegister(
      StringRedisTemplate redis,
      EventCodec codec,
      Environment environment,
      RecordingSettings settings) {
    NodeAddress own = new NodeAddress(settings.address(), environment);
    return new RecordingRegister(redis, codec, own, settings);
  }

  @Bean
  RecordingFetch<RecordingFile> recordingFetch(
      RecordingFolder<RecordingFile> folder,
      RecordingRegister register,
      RecordingSettings settings,
      MeterRegistry meters) {
    return new RecordingFetch<>(
        folder,
        RecordingFiles.FORMAT,
        new OtherNodes(register),
        new RecordingFetch.Settings(
            null,
            settings.bandwidth().toBytes(),
            Duration.ofSeconds(30),
            ATTEMPTS,
            Duration.ofMillis(200)),
        meters);
  }

  @Bean
  MemoryTier memoryTier(RecordingSettings settings) {
    return new MemoryTier(settings.memory().toBytes());
  }

  @Bean
  RecordingBytes recordingBytes(MemoryTier memory) {
    return new RecordingBytes(memory);
  }

  @Bean
  RecordingNews recordingNews(EventPublisher events, Clock clock) {
    return new RecordingNews(events, clock);
  }

  @Bean
  RecordingMeters recordingMeters(
      MeterRegistry meters, RecordingFolder<RecordingFile> folder, MemoryTier memory) {
    return new RecordingMeters(meters, folder, memory);
  }

  @Bean
  Recordings recordings(
      Recordings.Tiers tiers,
      RecordingRegister register,
      RecordingNews news,
      RecordingMeters meters,
      Clock clock,
      RecordingSettings settings) {
    return new Recordings(tiers, register, news, meters, new Pins(clock), settings);
  }

  @Bean
  Recordings.Tiers recordingTiers(
      RecordingFolder<RecordingFile> folder,
      RecordingFetch<RecordingFile> fetch,
      MemoryTier memory) {
    return new Recordings.Tiers(folder, fetch, memory);
  }

  @Bean
  RecordingIntake recordingIntake(
      RecordingFolder<RecordingFile> folder,
      TemplatePictures pictures,
      RecordingNews news,
      RecordingMeters meters) {
    return new RecordingIntake(folder, pictures::exist, news, meters);
  }

  @Bean
  RecordingLifecycle recordingLifecycle(
      Recordings recordings,
      RecordingFolder<RecordingFile> folder,
      TemplatePictures pictures,
      RecordingSettings settings) {
    return new RecordingLifecycle(recordings, folder, pictures::exist, settings);
  }
}
