package dev.fresco.worker.config;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.worker.source.AdapterFiles;
import dev.fresco.worker.source.AdapterFiles.LocalCopy;
import dev.fresco.worker.source.InputPictures;
import dev.fresco.worker.source.LeasedCache;
import dev.fresco.worker.source.LoadedAdapters;
import dev.fresco.worker.source.LoadedAdapters.Loaded;
import dev.fresco.worker.source.SourceFetch;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How this worker comes by pictures and adapters. */
@Configuration(proxyBeanMethods = false)
public class SourceConfiguration {

  @Bean
  AdapterFiles adapterFiles(WorkerSettings settings, ObjectStore objects, MeterRegistry meters) {
    LeasedCache<String, LocalCopy> copies =
        new LeasedCache<>(settings.adapterDisk().toBytes(), "fresco.worker.adapter-disk");
    meters.gauge("fresco.worker.adapters.disk.bytes", copies, LeasedCache::used);
    return new AdapterFiles(settings.adapterFolder().resolve(settings.id()), objects, copies);
  }

  @Bean
  LoadedAdapters loadedAdapters(
      DiffusionModel model, AdapterFiles files, WorkerSettings settings, MeterRegistry meters) {
    LeasedCache<String, Loaded<?>> loaded =
        new LeasedCache<>(settings.adapterMemory().toBytes(), "fresco.worker.adapter-memory");
    meters.gauge("fresco.worker.adapters.memory.bytes", loaded, LeasedCache::used);
    return new LoadedAdapters(model, files, loaded, meters);
  }

  @Bean
  SourceFetch sourceFetch(ObjectStore objects, LoadedAdapters adapters) {
    return new SourceFetch(new InputPictures(objects), adapters);
  }
}
