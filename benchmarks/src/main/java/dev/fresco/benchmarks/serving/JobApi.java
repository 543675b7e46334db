package dev.fresco.benchmarks.serving;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fresco's job API, as an application calls it. Threads may share it. */
record JobApi(HttpClient http, URI gateway) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BOUNDARY = "fresco-serving";
  private static final int REFUSED = 400;

  static JobApi at(String gateway) {
    return new JobApi(HttpClient.newHttpClient(), URI.create(gateway));
  }

  /**
   * Uploads a template.
   *
   * @param picture PNG
   * @return its id
   */
  String upload(byte[] picture) throws IOException, InterruptedException {
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"image\"; filename=\"template.png\"\r\n\r\n"
            .formatted(BOUNDARY);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(picture);
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    String type = "multipart/form-data; boundary=" + BOUNDARY;
    return post("/v1/templates", type, body.toByteArray()).get("id").stringValue();
  }

  /** Posts a job and gives its id. */
  String submit(String path, Map<String, Object> body) throws IOException, InterruptedException {
    byte[] json = JSON.writeValueAsBytes(body);
    return post(path, "application/json", json).get("id").stringValue();
  }

  /**
   * Waits until a job has succeeded.
   *
   * @return its view
   * @throws IOException if it ended otherwise
   */
  JsonNode finished(String job) throws IOException, InterruptedException {
    while (true) {
      JsonNode view = JSON.readTree(get("/v1/jobs/" + job + "?wait=20"));
      if (view.hasNonNull("endedAt")) {
        if (!view.get("state").asString().equals("SUCCEEDED")) {
          throw new IOException("a job did not succeed: " + view);
        }
        return view;
      }
    }
  }

  /** The first picture of a job that succeeded, PNG. */
  byte[] picture(JsonNode view) throws IOException, InterruptedException {
    return get(view.at("/images/0/url").asString());
  }

  private JsonNode post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return JSON.readTree(body(http.send(request, BodyHandlers.ofByteArray())));
  }

  private byte[] get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(gateway.resolve(path)).build();
    return body(http.send(request, BodyHandlers.ofByteArray()));
  }

  private static byte[] body(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() >= REFUSED) {
      String words = new String(answer.body(), StandardCharsets.UTF_8);
      throw new IOException(answer.uri() + " answers " + answer.statusCode() + ": " + words);
    }
    return answer.body();
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
