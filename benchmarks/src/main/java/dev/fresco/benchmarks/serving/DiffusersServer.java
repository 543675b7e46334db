package dev.fresco.benchmarks.serving;

import dev.fresco.engine.kernel.ComputeType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** diffusers' inpainting pipeline behind HTTP: {@code benchmarks/peers/diffusers/server.py}. */
final class DiffusersServer implements EditServer {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int OK = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final EditWorkload workload;
  private final ServerProcess process;
  private final URI address;
  private final String versions;
  private List<byte[]> pictures = List.of();

  private DiffusersServer(
      EditWorkload workload, ServerProcess process, URI address, String versions) {
    this.workload = workload;
    this.process = process;
    this.address = address;
    this.versions = versions;
  }

  /**
   * How to start it.
   *
   * @param python an interpreter that has diffusers
   * @param batch edits that are painted together at most
   */
  record Launch(
      Path python, Path script, Path console, ComputeType format, int threads, int batch) {
    List<String> command(Path model) {
      return List.of(
          python.toString(),
          script.toString(),
          "--model=" + model,
          "--dtype=" + format.name().toLowerCase(Locale.ROOT),
          "--threads=" + threads,
          "--batch=" + batch);
    }
  }

  static DiffusersServer start(Launch launch, Path model, EditWorkload workload)
      throws IOException, InterruptedException {
    ServerProcess process = ServerProcess.start(launch.command(model), Map.of(), launch.console());
    try {
      String[] ready = process.await("ready ").split(" ", 3);
      URI address = URI.create("http://127.0.0.1:" + ready[1] + "/edit");
      return new DiffusersServer(workload, process, address, ready[2]);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Of its libraries. */
  String versions() {
    return versions;
  }

  @Override
  public void prepare(List<byte[]> pictures) {
    this.pictures = List.copyOf(pictures);
  }

  @Override
  public byte[] edit(Edit edit) throws IOException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("image", JobApi.base64(pictures.get(edit.template())));
    body.put("mask", JobApi.base64(edit.mask()));
    body.put("prompt", edit.prompt());
    body.put("negative", "");
    body.put("steps", workload.steps());
    body.put("guidance", workload.guidance());
    body.put("seed", edit.seed());
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build(),
            BodyHandlers.ofByteArray());
    if (answer.statusCode() != OK) {
      throw new IOException("diffusers failed: " + new String(answer.body()));
    }
    return answer.body();
  }

  @Override
  public void close() {
    process.close();
  }
}
