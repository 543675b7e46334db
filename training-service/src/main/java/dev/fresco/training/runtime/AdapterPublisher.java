package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.web.Tenant;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Uploads finished LoRAs to lora-service, as any caller would. The same file has the same id there,
 * so that it may be uploaded again.
 */
@Component
final class AdapterPublisher {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  private final RuntimeSettings settings;
  private final JsonMapper json;

  AdapterPublisher(RuntimeSettings settings, JsonMapper json) {
    this.settings = settings;
    this.json = json;
  }

  /** The service understood the upload, and does not want it. */
  static final class RefusedException extends IOException {
    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Uploads a LoRA on behalf of the job's tenant.
   *
   * @return its id
   * @throws RefusedException if it is no LoRA in the service's eyes
   */
  String publish(TrainingJob job, String name, Path lora) throws IOException, InterruptedException {
    String boundary = "fresco-" + UUID.randomUUID();
    HttpRequest request =
        HttpRequest.newBuilder(settings.loraService().resolve("/v1/loras"))
            .timeout(ANSWER_LIMIT)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .header(Tenant.HEADER, job.tenant())
            .POST(form(boundary, name, job.model(), lora))
            .build();
    HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
    int status = answer.statusCode();
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (status == 200 || status == 201) {
      JsonNode adapter = json.readTree(answer.body());
      return adapter.path("id").asString();
    }
    String message = "lora-service answered %d: %s".formatted(status, text);
    throw status >= 400 && status < 500 ? new RefusedException(message) : new IOException(message);
  }

  private static BodyPublisher form(String boundary, String name, String model, Path lora)
      throws IOException {
    String texts = part(boundary, "name", name) + part(boundary, "baseModel", model);
    String file =
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lora.safetensors\"\r\n\r\n"
            .formatted(boundary);
    return BodyPublishers.concat(
        BodyPublishers.ofString(texts + file),
        BodyPublishers.ofFile(lora),
        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
  }

  private static String part(String boundary, String field, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(boundary, field, value);
  }
}
