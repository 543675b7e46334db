package dev.fresco.gateway.api;

import dev.fresco.gateway.admission.CallerTenant;
import dev.fresco.gateway.admission.JobForm;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.gateway.view.JobViews;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** All jobs: ask for one, list them. */
@RestController
@RequestMapping(path = JobPaths.JOBS, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Jobs")
class JobsController {
  private static final String FROM_A_PICTURE =
      """
      {
        "kind": "image-to-image",
        "prompt": "a fox in the style of the picture",
        "image": { "base64": "iVBORw0KGgo..." },
        "strength": 0.6
      }
      """;

  private static final String EDIT =
      """
      {
        "kind": "edit",
        "prompt": "a red hat",
        "template": { "id": "tpl_0123456789abcdef0123456789" },
        "mask": { "base64": "iVBORw0KGgo...", "edits": "white" }
      }
      """;

  private static final String WITH_ADAPTERS =
      """
      {
        "prompt": "a fox on a white background",
        "negativePrompt": "a photograph",
        "longPrompts": "chunks",
        "loras": [ { "id": "lora_0123456789abcdef0123456789", "scale": 0.8 } ],
        "controlnets": [
          {
            "id": "cnet_0123456789abcdef0123456789",
            "image": { "template": "tpl_0123456789abcdef0123456789" },
            "scale": 1.0, "from": 0.0, "to": 0.6
          }
        ]
      }
      """;

  private static final String EXAMPLE =
      """
      {
        "kind": "text-to-image",
        "prompt": "a fox on a white background",
        "steps": 20,
        "seed": 42,
        "labels": { "team": "ads" }
      }
      """;

  private final JobIntake intake;
  private final JobViews views;
  private final CallerTenant tenant;
  private final LimitSettings limits;

  JobsController(JobIntake intake, JobViews views, CallerTenant tenant, LimitSettings limits) {
    this.intake = intake;
    this.views = views;
    this.tenant = tenant;
    this.limits = limits;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Ask for pictures",
      description = "Answers at once; follow the job at the address in Location.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = JobForm.class),
              examples = {
                @ExampleObject(name = "A fox", value = EXAMPLE),
                @ExampleObject(name = "From a picture", value = FROM_A_PICTURE),
                @ExampleObject(name = "An edit", value = EDIT),
                @ExampleObject(name = "With a LoRA and a ControlNet", value = WITH_ADAPTERS)
              }))
  @ApiResponse(responseCode = "202", description = "The job is accepted and will end in one way")
  ResponseEntity<JobBody> post(
      HttpServletRequest call,
      @Parameter(
              description =
                  "1 to 255 visible ASCII characters. The same key and body give the same job;"
                      + " the same key with another body is refused.")
          @RequestHeader(name = "Idempotency-Key", required = false)
          String idempotencyKey)
      throws IOException {
    return intake.take(call, idempotencyKey, text -> text);
  }

  @GetMapping
  @Operation(
      summary = "List jobs, newest first",
      description =
          "Filters join with and. An answer may hold fewer jobs than the limit and still have a"
              + " nextCursor: there is more to look at.")
  @Parameter(name = "state", description = "For example RUNNING")
  @Parameter(name = "kind", description = "For example text-to-image")
  @Parameter(name = "label.team", description = "label.KEY=VALUE for any label")
  @Parameter(name = "limit", description = "Most jobs in the answer; default 20")
  @Parameter(name = "cursor", description = "nextCursor of the answer before")
  JobList list(@Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters) {
    JobListQuery query = JobListQuery.parse(parameters, limits.maxPage());
    JobViews.Page page =
        views.list(tenant.current(), query.filter(), query.cursor(), query.limit());
    List<JobBody> items = page.jobs().stream().map(view -> JobBody.of(view, null)).toList();
    return new JobList(items, page.next());
  }

  /**
   * A part of the list.
   *
   * @param nextCursor for the following part, or null at the end
   */
  public record JobList(List<JobBody> items, String nextCursor) {}
}
