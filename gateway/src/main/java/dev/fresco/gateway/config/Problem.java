package dev.fresco.gateway.config;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A problem document (RFC 9457) as the OpenAPI document describes it. */
@Schema(description = "Why a call failed (RFC 9457)")
public record Problem(
    @Schema(example = "https://fresco.dev/errors/invalid-request") String type,
    @Schema(example = "Invalid request") String title,
    @Schema(example = "422") int status,
    @Schema(description = "Stable; callers may branch on it", example = "invalid_request")
        String code,
    @Schema(example = "steps is 10000; the limit is 150 (fresco.limits.max-steps)") String detail,
    @Schema(example = "/v1/jobs") String instance,
    @Schema(description = "Of a 422: every field that is wrong") List<FieldError> errors) {

  /**
   * @param limit what would have been right
   */
  @Schema(name = "FieldError")
  public record FieldError(
      @Schema(example = "steps") String field,
      Object value,
      Object limit,
      @Schema(example = "must be at most 150") String message) {}
}
