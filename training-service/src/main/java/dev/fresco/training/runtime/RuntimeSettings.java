package dev.fresco.training.runtime;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How jobs are run that are not external.
 *
 * @param folder of the jobs, with their checkpoints and a copy of their data; a service that is
 *     started anew goes on with what lies there
 * @param models folder of the models that LoRAs can be trained for, a folder each
 * @param stages what a pipeline's stages are
 * @param jobsAtOnce the others wait
 * @param device of LoRA training, for example {@code cpu}
 * @param stageThreads that share the work of a kernel call in a stage's own process
 * @param answerLimit for how long an iteration of a pipeline or a checkpoint may last before its
 *     stages are taken for dead; a process that dies is noticed at once
 * @param stopLimit for how long a stopping service waits for checkpoints
 * @param loraService where finished adapters go
 */
@ConfigurationProperties("fresco.training")
public record RuntimeSettings(
    @DefaultValue(".fresco/training") Path folder,
    @DefaultValue("models") Path models,
    @DefaultValue("threads") Stages stages,
    @DefaultValue("1") int jobsAtOnce,
    @DefaultValue("cpu") String device,
    @DefaultValue("1") int stageThreads,
    @DefaultValue("10m") Duration answerLimit,
    @DefaultValue("20s") Duration stopLimit,
    @DefaultValue("http://127.0.0.1:8084") URI loraService) {

  /** What stages are. */
  public enum Stages {
    /** Threads of the service. */
    THREADS,
    /** Processes: one that dies takes nothing else with it. */
    PROCESSES
  }

  /** Where a job keeps what it has. */
  Path folderOf(String jobId) {
    return folder.toAbsolutePath().resolve(jobId);
  }
}
