package dev.fresco.training.api;

import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.job.TrainingRegistry;
import dev.fresco.training.job.TrainingSamples;
import java.io.IOException;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Pictures that show what a job has learnt. */
@RestController
class TrainingSampleController {
  private final TrainingRegistry registry;
  private final ObjectStore objects;

  TrainingSampleController(TrainingRegistry registry, ObjectStore objects) {
    this.registry = registry;
    this.objects = objects;
  }

  @GetMapping("/v1/training-jobs/{id}/sample")
  ResponseEntity<Resource> sample(Tenant tenant, @PathVariable String id) throws IOException {
    return picture(id, registry.get(tenant, id).status().sampleKey());
  }

  @GetMapping("/v1/training-jobs/{id}/samples/{iterations}")
  ResponseEntity<Resource> sample(
      Tenant tenant, @PathVariable String id, @PathVariable long iterations) throws IOException {
    return picture(id, TrainingSamples.key(registry.get(tenant, id).id(), iterations));
  }

  private ResponseEntity<Resource> picture(String id, String key) throws IOException {
    if (key == null) {
      throw ProblemException.notFound("sample of training job", id);
    }
    Resource picture =
        objects
            .find(key)
            .orElseThrow(() -> ProblemException.notFound("sample of training job", id));
    return ResponseEntity.ok().contentType(MediaType.IMAGE_PNG).body(picture);
  }
}
