package dev.fresco.gateway.config;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says of the whole, and of errors. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {
  static final String PROBLEM = "Problem";

  @Bean
  OpenAPI openApi() {
    Info info =
        new Info()
            .title("Fresco")
            .version("v1")
            .description(
                "Pictures from words. Post a job, follow its events, fetch its pictures. Errors are"
                    + " problem documents (RFC 9457) with a stable code.");
    return new OpenAPI().info(info);
  }

  @Bean
  OpenApiCustomizer problems() {
    return api -> {
      ModelConverters.getInstance().readAll(Problem.class).forEach(api.getComponents()::addSchemas);
      Schema<?> fieldError = api.getComponents().getSchemas().get("FieldError");
      anyType(fieldError, "value", "As it came, shortened");
      anyType(fieldError, "limit", "What would have been right: a number, a text, a list");
      api.getPaths()
          .forEach(
              (path, item) ->
                  item.readOperationsMap()
                      .forEach(
                          (method, operation) ->
                              addProblems(operation, path, method == HttpMethod.POST)));
      ForwardedPaths.addTo(api);
    };
  }

  /** Object is read as an object, but it may be a number as well. */
  private static void anyType(Schema<?> schema, String property, String description) {
    schema.addProperty(property, new Schema<>().description(description));
  }

  private static void addProblems(Operation operation, String path, boolean posts) {
    add(operation, "422", "Understood and wrong; errors names each field");
    add(operation, "503", "Something behind the gateway is away; see Retry-After");
    if (path.contains("{")) {
      add(operation, "404", "There is no such thing");
    }
    if (path.endsWith("/events")) {
      add(operation, "400", "Last-Event-ID is none");
    }
    if (path.contains("/images/")) {
      add(operation, "409", "The job has not ended yet");
      add(operation, "410", "The picture was there and has expired");
    }
    if (posts) {
      add(operation, "400", "The body is not JSON");
      add(operation, "409", "The Idempotency-Key stands for another request");
      add(operation, "413", "The body is too large");
      add(operation, "415", "The body is not application/json");
    }
  }

  private static void add(Operation operation, String status, String description) {
    MediaType document = new MediaType().schema(new Schema<>().$ref(PROBLEM));
    operation
        .getResponses()
        .addApiResponse(
            status,
            new ApiResponse()
                .description(description)
                .content(new Content().addMediaType("application/problem+json", document)));
  }
}
