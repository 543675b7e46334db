package dev.fresco.worker.source;

import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.Picture;
import dev.fresco.worker.edit.PixelMask;
import java.util.ArrayList;
import java.util.List;

/** Gets everything that a job works from. */
public final class SourceFetch {
  private final InputPictures pictures;
  private final LoadedAdapters adapters;

  public SourceFetch(InputPictures pictures, LoadedAdapters adapters) {
    this.pictures = pictures;
    this.adapters = adapters;
  }

  /** Whether a job works from more than its prompts. */
  public static boolean isNeeded(JobRequest request) {
    return request.start() != null
        || !request.loras().isEmpty()
        || !request.controlnets().isEmpty();
  }

  /**
   * @throws NoRoomException if there is no room beside what other jobs use; then nothing is held
   * @throws SourceException if something cannot be had; then nothing is held
   */
  public JobSources fetch(JobRequest request) {
    adapters.requireFit(request.loras(), request.controlnets());
    List<Lease<?>> leases = new ArrayList<>();
    try {
      Picture start =
          request.start() == null
              ? null
              : pictures.of(request.start().image(), "the picture to start from");
      List<AdapterUse> loras = new ArrayList<>();
      for (LoraUse lora : request.loras()) {
        LoadedAdapters.Use<Adapter> use = adapters.of(lora);
        leases.add(use.lease());
        loras.add(new AdapterUse(use.adapter(), lora.scale()));
      }
      List<ControlUse> controls = new ArrayList<>();
      for (ControlNetUse net : request.controlnets()) {
        Picture shown = pictures.of(net.image(), "the picture for ControlNet " + net.id());
        LoadedAdapters.Use<ControlNet> use = adapters.of(net);
        leases.add(use.lease());
        controls.add(new ControlUse(use.adapter(), shown, net.scale(), net.from(), net.to()));
      }
      PixelMask mask = request.mask() == null ? null : pictures.mask(request.mask().image());
      return new JobSources(start, mask, loras, controls, leases);
    } catch (RuntimeException | Error e) {
      leases.forEach(Lease::close);
      throw e;
    }
  }
}
