package dev.fresco.benchmarks.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./fresco up} in a folder of its own, with all its services, and its job API. */
final class FrescoServer implements EditServer {
  private final EditWorkload workload;
  private final boolean records;
  private final ServerProcess process;
  private final JobApi api;
  private final List<String> templates = new ArrayList<>();

  private FrescoServer(EditWorkload workload, boolean records, ServerProcess process, JobApi api) {
    this.workload = workload;
    this.records = records;
    this.process = process;
    this.api = api;
  }

  /** How edits run. */
  enum Way {
    /** On what the mask reaches; joining at every step. */
    MASKED,
    /** In full; joining at every step. */
    DENSE,
    /** In full; whole batches, to their end. */
    WHOLE_BATCHES;

    String words() {
      return switch (this) {
        case MASKED -> "Fresco, masked";
        case DENSE -> "Fresco, dense";
        case WHOLE_BATCHES -> "Fresco, dense, whole batches";
      };
    }

    private Map<String, String> settings() {
      return switch (this) {
        case MASKED -> Map.of();
        case DENSE -> Map.of("FRESCO_WORKER_EDIT_BREAKEVEN", "0");
        case WHOLE_BATCHES ->
            Map.of("FRESCO_WORKER_EDIT_BREAKEVEN", "0", "FRESCO_WORKER_BATCHING", "request");
      };
    }
  }

  /**
   * How to start it.
   *
   * @param script {@code fresco}
   * @param data an empty folder
   * @param slots pictures that fit its batch
   */
  record Launch(Path script, Path data, Path model, int port, int slots) {
    private List<String> command() {
      return List.of(
          script.toString(), "up", "--port=" + port, "--data=" + data, "--model=" + model);
    }
  }

  static FrescoServer start(Launch launch, Way way, EditWorkload workload)
      throws IOException, InterruptedException {
    Files.createDirectories(launch.data());
    Map<String, String> settings = new HashMap<>(way.settings());
    settings.put("FRESCO_WORKER_COMPUTETYPE", "auto");
    settings.put("FRESCO_WORKER_SLOTS", String.valueOf(launch.slots()));
    Path console = launch.data().resolve("console.txt");
    ServerProcess process = ServerProcess.start(launch.command(), settings, console);
    try {
      process.await("Fresco is up");
      JobApi api = JobApi.at("http://127.0.0.1:" + launch.port());
      return new FrescoServer(workload, way == Way.MASKED, process, api);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public void prepare(List<byte[]> pictures) throws IOException, InterruptedException {
    for (byte[] picture : pictures) {
      String template = api.upload(picture);
      templates.add(template);
      if (records) {
        api.finished(api.submit("/v1/templates/" + template + "/recordings", settings()));
      }
    }
  }

  @Override
  public byte[] edit(Edit edit) throws IOException, InterruptedException {
    Map<String, Object> body = settings();
    body.put("kind", "edit");
    body.put("prompt", edit.prompt());
    body.put("seed", edit.seed());
    body.put("template", Map.of("id", templates.get(edit.template())));
    body.put("mask", Map.of("base64", JobApi.base64(edit.mask()), "edits", "white"));
    return api.picture(api.finished(api.submit("/v1/jobs", body)));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("width", workload.size());
    settings.put("height", workload.size());
    settings.put("steps", workload.steps());
    settings.put("guidanceScale", workload.guidance());
    settings.put("sampler", "ddim");
    return settings;
  }

  @Override
  public void close() {
    process.close();
  }
}
