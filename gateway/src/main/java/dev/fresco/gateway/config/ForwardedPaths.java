package dev.fresco.gateway.config;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Set;

/**
 * The calls that the gateway passes on, as far as it knows them: where they are and what goes in.
 * What the services answer is theirs to describe.
 */
final class ForwardedPaths {
  private static final String FORM = "multipart/form-data";
  private static final String JSON = "application/json";
  private static final Set<String> FILES = Set.of("file", "image", "config");

  private ForwardedPaths() {}

  /**
   * One call.
   *
   * @param sends media type of the body, or null
   * @param parts of a form
   * @param gives media type of a good answer, or null if it has no body
   */
  private record Call(
      HttpMethod method,
      String path,
      String summary,
      String sends,
      List<String> parts,
      String gives,
      List<Integer> good) {

    static Call get(String path, String summary, String gives) {
      return new Call(HttpMethod.GET, path, summary, null, List.of(), gives, List.of(200));
    }
  }

  private static final List<Call> CALLS =
      List.of(
          post("/v1/templates", "Upload a picture to edit (parts image, name)", "image", "name"),
          show("/v1/templates", "List templates"),
          show("/v1/templates/{id}", "Look at a template"),
          file("/v1/templates/{id}/image", "Get a template's picture", "image/*"),
          delete("/v1/templates/{id}", "Delete a template"),
          post("/v1/loras", "Upload a LoRA (safetensors)", "file", "name", "baseModel"),
          show("/v1/loras", "List LoRAs"),
          show("/v1/loras/{id}", "Look at a LoRA"),
          file("/v1/loras/{id}/file", "Get a LoRA's file", "application/octet-stream"),
          delete("/v1/loras/{id}", "Delete a LoRA"),
          post(
              "/v1/controlnets",
              "Upload a ControlNet (safetensors and its configuration)",
              "file",
              "config",
              "name",
              "baseModel"),
          show("/v1/controlnets", "List ControlNets"),
          show("/v1/controlnets/{id}", "Look at a ControlNet"),
          file("/v1/controlnets/{id}/file", "Get a ControlNet's file", "application/octet-stream"),
          file("/v1/controlnets/{id}/config", "Get a ControlNet's configuration", JSON),
          delete("/v1/controlnets/{id}", "Delete a ControlNet"),
          new Call(
              HttpMethod.POST,
              "/v1/training-data",
              "Upload training data: text/plain, a zip of captioned pictures, or latents"
                  + " (safetensors, application/octet-stream); 200 if they are known",
              "application/octet-stream",
              List.of(),
              JSON,
              List.of(200, 201)),
          show("/v1/training-data/{id}", "Look at training data"),
          delete("/v1/training-data/{id}", "Delete training data"),
          new Call(
              HttpMethod.POST,
              "/v1/training-jobs",
              "Create a training job",
              JSON,
              List.of(),
              JSON,
              List.of(201)),
          show("/v1/training-jobs", "List training jobs"),
          show("/v1/training-jobs/{id}", "Look at a training job"),
          new Call(
              HttpMethod.DELETE,
              "/v1/training-jobs/{id}",
              "Stop a training job; 200 if it had ended",
              null,
              List.of(),
              JSON,
              List.of(200, 202)),
          new Call(
              HttpMethod.POST,
              "/v1/training-jobs/{id}/resume",
              "Have a stopped or failed training job go on",
              null,
              List.of(),
              JSON,
              List.of(202)),
          new Call(
              HttpMethod.POST,
              "/v1/training-jobs/{id}/telemetry",
              "Report what stages of an external training job took",
              JSON,
              List.of(),
              JSON,
              List.of(202)),
          show("/v1/training-jobs/{id}/plan", "Get the plan of a training job that is in force"),
          file(
              "/v1/training-jobs/{id}/events",
              "Follow a training job (server-sent events; Last-Event-ID resumes)",
              "text/event-stream"));

  private static Call post(String path, String summary, String... parts) {
    return new Call(
        HttpMethod.POST,
        path,
        summary + "; 200 if it is known",
        FORM,
        List.of(parts),
        JSON,
        List.of(200, 201));
  }

  private static Call show(String path, String summary) {
    return Call.get(path, summary, JSON);
  }

  private static Call file(String path, String summary, String type) {
    return Call.get(path, summary, type);
  }

  private static Call delete(String path, String summary) {
    return new Call(HttpMethod.DELETE, path, summary, null, List.of(), null, List.of(204));
  }

  /** Adds the calls to a document that has the schema of problems. */
  static void addTo(OpenAPI api) {
    for (Call call : CALLS) {
      PathItem item = api.getPaths().computeIfAbsent(call.path(), path -> new PathItem());
      item.operation(call.method(), operation(call));
    }
  }

  private static Operation operation(Call call) {
    Operation operation = new Operation().summary(call.summary()).addTagsItem(tag(call.path()));
    if (call.path().contains("{id}")) {
      operation.addParametersItem(
          new Parameter().name("id").in("path").required(true).schema(new StringSchema()));
    }
    if (call.sends() != null) {
      operation.requestBody(new RequestBody().required(true).content(body(call)));
    }
    ApiResponses answers = new ApiResponses();
    for (int good : call.good()) {
      ApiResponse answer = new ApiResponse().description("As the service answers");
      if (call.gives() != null) {
        answer.content(new Content().addMediaType(call.gives(), new MediaType()));
      }
      answers.addApiResponse(String.valueOf(good), answer);
    }
    MediaType problem = new MediaType().schema(new Schema<>().$ref(ApiDescription.PROBLEM));
    answers.addApiResponse(
        "default",
        new ApiResponse()
            .description("A problem, the service's or the gateway's (502, 503, 504)")
            .content(new Content().addMediaType("application/problem+json", problem)));
    return operation.responses(answers);
  }

  private static Content body(Call call) {
    ObjectSchema schema = new ObjectSchema();
    for (String part : call.parts()) {
      boolean isFile = FILES.contains(part);
      schema.addProperty(part, new StringSchema().format(isFile ? "binary" : null));
    }
    return new Content().addMediaType(call.sends(), new MediaType().schema(schema));
  }

  private static String tag(String path) {
    return switch (path.split("/")[2]) {
      case "templates" -> "Templates";
      case "training-jobs", "training-data" -> "Training";
      default -> "Adapters";
    };
  }
}
