package dev.fresco.worker.config;

import dev.fresco.planning.batching.BatchLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of a worker.
 *
 * @param id its name; also its standing in the Kafka group, so that it keeps its partitions when it
 *     restarts. No two workers may share one.
 * @param group the Kafka group of the workers
 * @param model folder of a checkpoint in the diffusers layout, or a single file of Stable
 *     Diffusion; its name is the model's id
 * @param device {@code cpu}, {@code cuda:0}, ...
 * @param computeType {@code fp32}, {@code bf16}, or {@code auto}
 * @param slots pictures that fit the batch
 * @param batching when pictures that wait join: before every {@code step}, or when the last {@code
 *     request} of a batch has ended, which is there to compare with
 * @param lookAhead pictures that are prepared while the batch is full
 * @param maxSteps the most that a request may ask for
 * @param maxSize the largest width and height in pixels
 * @param adapterFolder where copies of adapters lie, in a folder with this worker's id; what is in
 *     there at the start is removed
 * @param adapterDisk bytes of these copies
 * @param loraMemory bytes of the heap for LoRAs that are loaded, as far as their files tell; null
 *     for a quarter of it
 * @param controlnetMemory bytes outside the heap for ControlNets, likewise
 * @param adapterWait how long a job waits for others to let go of the room that its adapters need
 * @param warmUp for how long steps are taken before the first job, so that it finds a warm engine
 * @param grace how long a worker that is told to stop goes on with what it has
 */
@ConfigurationProperties("fresco.worker")
public record WorkerSettings(
    @DefaultValue("worker-0") String id,
    @DefaultValue("gpu-workers") String group,
    @DefaultValue("models/emoji") Path model,
    @DefaultValue("cpu") String device,
    @DefaultValue("fp32") String computeType,
    @DefaultValue("8") int slots,
    @DefaultValue("step") BatchLimits.Joining batching,
    @DefaultValue("4") int lookAhead,
    @DefaultValue("150") int maxSteps,
    @DefaultValue("1024") int maxSize,
    @DefaultValue(".fresco/adapters") Path adapterFolder,
    @DefaultValue("8GB") DataSize adapterDisk,
    DataSize loraMemory,
    @DefaultValue("3GB") DataSize controlnetMemory,
    @DefaultValue("5m") Duration adapterWait,
    @DefaultValue("10s") Duration warmUp,
    @DefaultValue("20s") Duration grace) {

  private static final int MOST_PICTURES = 256;

  public WorkerSettings {
    requireWithin("fresco.worker.slots", slots, 1);
    requireWithin("fresco.worker.look-ahead", lookAhead, 0);
  }

  private static void requireWithin(String setting, int value, int least) {
    if (value < least || value > MOST_PICTURES) {
      throw new IllegalArgumentException(
          "%s is %d; it must be %d to %d".formatted(setting, value, least, MOST_PICTURES));
    }
  }
}
