package dev.fresco.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The job API as an application of the customer's would call it. */
final class JobClient {
  private static final String STEP = "event:step";

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();
  private final URI gateway;

  JobClient(URI gateway) {
    this.gateway = gateway;
  }

  /** Posts a job and returns its address. */
  URI submit(DemoJob job) throws IOException, InterruptedException {
    String body =
        json.writeValueAsString(
            Map.of(
                "kind", "text-to-image",
                "prompt", job.prompt(),
                "width", job.size(),
                "height", job.size(),
                "steps", job.steps(),
                "guidanceScale", job.guidanceScale(),
                "sampler", job.sampler(),
                "seed", job.seed()));
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IOException("the gateway refused the job: " + answer.body());
    }
    return gateway.resolve(answer.headers().firstValue("Location").orElseThrow());
  }

  /** Reads a job's events until it has ended, and returns its view. */
  JsonNode follow(URI job, IntConsumer stepsDone) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(job + "/events")).build();
    try (Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
      String event = "";
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("event:")) {
          event = line.replace(" ", "");
        } else if (line.startsWith("data:") && event.equals(STEP)) {
          stepsDone.accept(json.readTree(line.substring(5)).get("stepsDone").intValue());
        }
      }
    }
    return json.readTree(get(URI.create(job + "?wait=20")));
  }

  byte[] get(URI address) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(address + " answers " + answer.statusCode());
    }
    return answer.body();
  }

  /** The first picture of a job that succeeded. */
  byte[] picture(JsonNode view) throws IOException, InterruptedException {
    return get(gateway.resolve(view.get("images").get(0).get("url").stringValue()));
  }
}
