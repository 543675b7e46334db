package dev.fresco.training.api;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.Page;
import dev.fresco.platform.catalogue.PageRequest;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.job.TrainingJobSpec;
import dev.fresco.training.job.TrainingRegistry;
import dev.fresco.training.job.TrainingShelves;
import dev.fresco.training.runtime.SetupRules;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/training-jobs}. */
@RestController
@RequestMapping("/v1/training-jobs")
class TrainingJobsController {
  private final TrainingRegistry registry;
  private final Catalogue<TrainingJob> catalogue;
  private final SetupRules rules;
  private final MeterRegistry meters;

  TrainingJobsController(
      TrainingRegistry registry,
      Catalogue<TrainingJob> catalogue,
      SetupRules rules,
      MeterRegistry meters) {
    this.registry = registry;
    this.rules = rules;
    this.catalogue = catalogue;
    this.meters = meters;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<TrainingJobView> create(Tenant tenant, @RequestBody TrainingJobSpec spec)
      throws IOException {
    TrainingJob job = registry.create(tenant, spec, rules::check);
    meters.counter("fresco.training.jobs.registered").increment();
    return ResponseEntity.created(URI.create("/v1/training-jobs/" + job.id()))
        .body(TrainingJobView.of(job));
  }

  @GetMapping
  Page<TrainingJobView> list(
      Tenant tenant,
      @RequestParam(required = false) TrainingJob.State state,
      @RequestParam(required = false) String limit,
      @RequestParam(required = false) String cursor) {
    return catalogue
        .list(TrainingShelves.of(tenant.id(), state), PageRequest.of(limit, cursor))
        .map(TrainingJobView::of);
  }

  @GetMapping("/{id}")
  TrainingJobView get(Tenant tenant, @PathVariable String id) {
    return TrainingJobView.of(registry.get(tenant, id));
  }

  @DeleteMapping("/{id}")
  ResponseEntity<TrainingJobView> stop(Tenant tenant, @PathVariable String id) throws IOException {
    TrainingRegistry.Stop stop = registry.stop(tenant, id);
    if (stop.changed()) {
      meters.counter("fresco.training.jobs.stopped").increment();
    }
    boolean hadEnded = !stop.changed() && stop.job().state().hasEnded();
    return ResponseEntity.status(hadEnded ? HttpStatus.OK : HttpStatus.ACCEPTED)
        .body(TrainingJobView.of(stop.job()));
  }

  @PostMapping("/{id}/resume")
  ResponseEntity<TrainingJobView> resume(Tenant tenant, @PathVariable String id)
      throws IOException {
    TrainingJob job = registry.resume(tenant, id);
    meters.counter("fresco.training.jobs.resumed").increment();
    return ResponseEntity.accepted().body(TrainingJobView.of(job));
  }
}
