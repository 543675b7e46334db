package dev.fresco.worker.source;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.Picture;
import dev.fresco.worker.edit.PixelMask;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job works from besides its prompts, ready for use until it is closed.
 *
 * @param start the picture to start from, or null
 * @param mask what of it may change, or null
 * @param leases of the adapters and ControlNets
 */
public record JobSources(
    Picture start,
    PixelMask mask,
    List<AdapterUse> adapters,
    List<ControlUse> controls,
    List<Lease<?>> leases)
    implements AutoCloseable {

  /** Of a job that works from words alone. */
  public static final JobSources NONE = new JobSources(null, null, List.of(), List.of(), List.of());

  public JobSources {
    adapters = List.copyOf(adapters);
    controls = List.copyOf(controls);
    leases = List.copyOf(leases);
  }

  /** The same, held until this is closed as well. */
  public JobSources shared() {
    List<Lease<?>> again = new ArrayList<>();
    leases.forEach(lease -> again.add(lease.shared()));
    return new JobSources(start, mask, adapters, controls, again);
  }

  /** Lets go of everything; to do so again changes nothing. */
  @Override
  public void close() {
    leases.forEach(Lease::close);
  }
}
