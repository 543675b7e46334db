package dev.fresco.training.api;

import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.data.DataFormat;
import dev.fresco.training.data.TrainingDataSet;
import dev.fresco.training.data.TrainingDataStore;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/training-data}: the body is the data itself. */
@RestController
@RequestMapping("/v1/training-data")
class TrainingDataController {
  private final TrainingDataStore store;

  TrainingDataController(TrainingDataStore store) {
    this.store = store;
  }

  /** Data as their owner sees them. */
  record View(String id, DataFormat format, long bytes, String sha256, Instant createdAt) {
    static View of(TrainingDataSet data) {
      return new View(data.id(), data.format(), data.bytes(), data.sha256(), data.createdAt());
    }
  }

  @PostMapping(
      consumes = {
        MediaType.TEXT_PLAIN_VALUE,
        "application/zip",
        MediaType.APPLICATION_OCTET_STREAM_VALUE
      })
  ResponseEntity<View> upload(Tenant tenant, HttpServletRequest request) throws IOException {
    TrainingDataStore.Registration registration =
        store.register(tenant, request.getContentType(), request.getInputStream());
    View view = View.of(registration.data());
    return registration.created()
        ? ResponseEntity.created(URI.create("/v1/training-data/" + view.id())).body(view)
        : ResponseEntity.ok(view);
  }

  @GetMapping("/{id}")
  View get(Tenant tenant, @PathVariable String id) throws IOException {
    return View.of(find(tenant, id));
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> delete(Tenant tenant, @PathVariable String id) throws IOException {
    store.delete(find(tenant, id));
    return ResponseEntity.noContent().build();
  }

  private TrainingDataSet find(Tenant tenant, String id) throws IOException {
    return store
        .find(tenant, id)
        .orElseThrow(() -> ProblemException.notFound("training data set", id));
  }
}
