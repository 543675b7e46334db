package dev.fresco.worker.source;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.Picture;
import java.util.List;

/**
 * What a job works from besides its prompts, ready for use until it is closed.
 *
 * @param start the picture to start from, or null
 * @param leases of the adapters and ControlNets
 */
public record JobSources(
    Picture start, List<AdapterUse> adapters, List<ControlUse> controls, List<Lease<?>> leases)
    implements AutoCloseable {

  /** Of a job that works from words alone. */
  public static final JobSources NONE = new JobSources(null, List.of(), List.of(), List.of());

  public JobSources {
    adapters = List.copyOf(adapters);
    controls = List.copyOf(controls);
    leases = List.copyOf(leases);
  }

  /** Lets go of everything; to do so again changes nothing. */
  @Override
  public void close() {
    leases.forEach(Lease::close);
  }
}
