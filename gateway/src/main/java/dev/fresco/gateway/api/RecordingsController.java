package dev.fresco.gateway.api;

import dev.fresco.contracts.template.Template;
import dev.fresco.gateway.admission.CallerTenant;
import dev.fresco.gateway.catalogue.FollowedTopic;
import dev.fresco.platform.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Has templates recorded: the same as a job of kind {@code recording}, at the template's place. */
@RestController
@Tag(name = "Templates")
class RecordingsController {
  private static final String EXAMPLE =
      """
      { "prompt": "a fox on a white background", "steps": 20, "sampler": "ddim" }
      """;

  private final JobIntake intake;
  private final FollowedTopic<Template> templates;
  private final CallerTenant tenant;

  RecordingsController(JobIntake intake, FollowedTopic<Template> templates, CallerTenant tenant) {
    this.intake = intake;
    this.templates = templates;
    this.tenant = tenant;
  }

  @PostMapping(
      path = "/v1/templates/{id}/recordings",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Record a template ahead of its edits",
      description =
          "A job like any other, which makes no picture: the first edit with the same settings"
              + " finds what it would have had to compute. Follow it at the address in Location.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = RecordingForm.class),
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(responseCode = "202", description = "The job is accepted and will end in one way")
  ResponseEntity<JobBody> post(
      HttpServletRequest call,
      @PathVariable String id,
      @RequestHeader(name = "Idempotency-Key", required = false) String idempotencyKey)
      throws IOException {
    try {
      return intake.take(call, idempotencyKey, body -> body.asRecordingOf(id));
    } catch (ProblemException e) {
      // What is in the path is not found rather than wrong; but a repeat finds its job all the
      // same.
      throw isKnown(id) ? e : ProblemException.notFound("template", id);
    }
  }

  private boolean isKnown(String id) {
    return templates
        .find(id)
        .filter(template -> template.tenant().equals(tenant.current()))
        .isPresent();
  }
}
