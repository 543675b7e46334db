package dev.fresco.gateway.api;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.contracts.job.JobState;
import dev.fresco.gateway.view.JobView;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Hands out pictures: finished ones, and previews of those in the making. */
@RestController
@RequestMapping(JobPaths.JOBS + "/{id}")
@Tag(name = "Pictures")
class ImageController {
  private final JobLookup jobs;
  private final ObjectStore objects;

  ImageController(JobLookup jobs, ObjectStore objects) {
    this.jobs = jobs;
    this.objects = objects;
  }

  @GetMapping("/images/{n}")
  @Operation(
      summary = "Get a finished picture",
      description = "PNG, with its settings in a text chunk, or JPEG. The ETag never changes.")
  @ApiResponse(
      responseCode = "200",
      description = "The picture",
      content = {
        @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary")),
        @Content(mediaType = "image/jpeg", schema = @Schema(type = "string", format = "binary"))
      })
  ResponseEntity<byte[]> image(
      @PathVariable String id,
      @Parameter(description = "Index of the picture in its job, from 0") @PathVariable int n,
      @Parameter(description = "png or jpeg") @RequestParam(defaultValue = "png") String format)
      throws IOException {
    ImageFormat wanted = ImageFormat.named(format).orElseThrow(() -> unsupported(format));
    ImageResult result = result(jobs.get(id), n);
    byte[] stored =
        objects
            .get(result.objectKey())
            .orElseThrow(
                () ->
                    ProblemException.of(
                        HttpStatus.GONE,
                        ErrorCode.GONE,
                        "picture " + n + " of job " + id + " was there and has expired"));
    ContentDisposition inline =
        ContentDisposition.inline().filename(id + "-" + n + "." + wanted.extension()).build();
    return ResponseEntity.ok()
        .eTag(result.sha256() + wanted.tagSuffix())
        .cacheControl(CacheControl.noCache().cachePrivate())
        .contentType(wanted.mediaType())
        .header(HttpHeaders.CONTENT_DISPOSITION, inline.toString())
        .body(wanted.encode(stored));
  }

  private static ImageResult result(JobView view, int n) {
    if (!view.state().isTerminal()) {
      throw ProblemException.of(
          HttpStatus.CONFLICT,
          ErrorCode.CONFLICT,
          "job " + view.id() + " is " + view.state() + "; it has pictures once it has SUCCEEDED");
    }
    return view.images().stream()
        .filter(image -> image.index() == n)
        .findFirst()
        .orElseThrow(
            () -> {
              String has =
                  view.state() == JobState.SUCCEEDED
                      ? "has " + view.images().size() + ", numbered from 0"
                      : "ended " + view.state() + " and has none";
              return ProblemException.of(
                  HttpStatus.NOT_FOUND,
                  ErrorCode.NOT_FOUND,
                  "there is no picture " + n + ": job " + view.id() + " " + has);
            });
  }

  private static ProblemException unsupported(String format) {
    String known = String.join(", ", ImageFormat.names());
    return ProblemException.invalid(
        "format is " + format + "; supported are " + known,
        List.of(
            new FieldProblem("format", format, ImageFormat.names(), "must be one of " + known)));
  }

  @GetMapping("/previews/{image}")
  @Operation(summary = "Get the latest preview of a picture in the making")
  @ApiResponse(
      responseCode = "200",
      description = "The preview",
      content =
          @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary")))
  ResponseEntity<byte[]> preview(
      @PathVariable String id,
      @Parameter(description = "Index of the picture in its job, from 0") @PathVariable int image)
      throws IOException {
    String key = jobs.get(id).progress().previews().get(image);
    ProblemException none = ProblemException.notFound("preview of picture", image + " of " + id);
    if (key == null) {
      throw none;
    }
    byte[] stored = objects.get(key).orElseThrow(() -> none);
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .contentType(MediaTypeFactory.getMediaType(key).orElse(MediaType.IMAGE_PNG))
        .body(stored);
  }
}
