package dev.fresco.training.api;

import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.job.TrainingRegistry;
import dev.fresco.training.runtime.TrainedModels;
import java.nio.file.Path;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a pipeline has trained, once it is published. */
@RestController
class TrainedModelController {
  private final TrainingRegistry registry;
  private final TrainedModels models;

  TrainedModelController(TrainingRegistry registry, TrainedModels models) {
    this.registry = registry;
    this.models = models;
  }

  @GetMapping("/v1/training-jobs/{id}/model")
  ResponseEntity<Resource> weights(Tenant tenant, @PathVariable String id) {
    Path file =
        models
            .weights(registry.get(tenant, id))
            .orElseThrow(() -> ProblemException.notFound("model of training job", id));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename(file.getFileName().toString())
                .build()
                .toString())
        .body(new FileSystemResource(file));
  }
}
