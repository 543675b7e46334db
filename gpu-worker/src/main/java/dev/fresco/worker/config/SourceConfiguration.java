package dev.fresco.worker.config;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.ControlNet;
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
import org.springframework.util.unit.DataSize;

/** How this worker comes by pictures and adapters. */
@Configuration(proxyBeanMethods = false)
public class SourceConfiguration {
  /** Of the heap, if nothing else is said. */
  private static final int SHARE_OF_LORAS = 4;

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
    DataSize loraMemory =
        settings.loraMemory() == null
            ? DataSize.ofBytes(Runtime.getRuntime().maxMemory() / SHARE_OF_LORAS)
            : settings.loraMemory();
    LeasedCache<String, Loaded<Adapter>> loras =
        new LeasedCache<>(loraMemory.toBytes(), "fresco.worker.lora-memory");
    LeasedCache<String, Loaded<ControlNet>> controlNets =
        new LeasedCache<>(settings.controlnetMemory().toBytes(), "fresco.worker.controlnet-memory");
    meters.gauge("fresco.worker.loras.bytes", loras, LeasedCache::used);
    meters.gauge("fresco.worker.controlnets.bytes", controlNets, LeasedCache::used);
    return new LoadedAdapters(model, files, loras, controlNets, meters);
  }

  @Bean
  SourceFetch sourceFetch(ObjectStore objects, LoadedAdapters adapters) {
    return new SourceFetch(new InputPictures(objects), adapters);
  }
}
