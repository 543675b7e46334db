package dev.fresco.cache.api;

import dev.fresco.cache.recording.RecordingCopy;
import dev.fresco.cache.recording.Recordings;
import dev.fresco.cache.template.TemplateLimits;
import dev.fresco.cache.template.TemplateRegistry;
import dev.fresco.contracts.template.Template;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.Page;
import dev.fresco.platform.catalogue.PageRequest;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.web.FieldChecks;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.platform.web.UploadForm;
import dev.fresco.platform.web.UploadMemory;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
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
import org.springframework.web.multipart.MultipartFile;

/** {@code /v1/templates}. */
@RestController
@RequestMapping("/v1/templates")
class TemplatesController {
  private static final int LONGEST_NAME = 200;

  private final TemplateRegistry registry;
  private final Catalogue<Template> catalogue;
  private final ObjectStore objects;
  private final UploadMemory memory;
  private final UploadForm.Limit limit;
  private final Recordings recordings;
  private final MeterRegistry meters;

  TemplatesController(
      TemplateRegistry registry,
      Catalogue<Template> catalogue,
      ObjectStore objects,
      UploadMemory memory,
      TemplateLimits limits,
      Recordings recordings,
      MeterRegistry meters) {
    this.registry = registry;
    this.catalogue = catalogue;
    this.objects = objects;
    this.memory = memory;
    this.limit =
        new UploadForm.Limit(limits.maxTemplateBytes().toBytes(), TemplateLimits.BYTES_KNOB);
    this.recordings = recordings;
    this.meters = meters;
  }

  @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  ResponseEntity<TemplateView> upload(Tenant tenant, HttpServletRequest request)
      throws IOException {
    UploadForm form = UploadForm.read(request, Set.of("image"), Set.of("name"), limit);
    MultipartFile image = form.file("image");
    try (UploadMemory.Share share = memory.take(image.getSize())) {
      return register(tenant, form.text("name"), image.getBytes());
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<TemplateView> upload(Tenant tenant, @RequestBody TemplateUpload upload)
      throws IOException {
    byte[] image = upload.image() == null ? null : upload.image().base64();
    new FieldChecks().required("image.base64", image).done();
    return register(tenant, upload.name(), image);
  }

  private ResponseEntity<TemplateView> register(Tenant tenant, String name, byte[] image)
      throws IOException {
    new FieldChecks().text("name", name, LONGEST_NAME).done();
    TemplateRegistry.Registration registration = registry.register(tenant, name, image);
    Template template = registration.template();
    String result = registration.created() ? "created" : "known";
    meters.counter("fresco.cache.templates.registered", "result", result).increment();
    return registration.created()
        ? ResponseEntity.created(URI.create("/v1/templates/" + template.id())).body(view(template))
        : ResponseEntity.ok(view(template));
  }

  private TemplateView view(Template template) {
    return view(template, recordings.all());
  }

  private static TemplateView view(Template template, List<RecordingCopy> copies) {
    return TemplateView.of(
        template,
        copies.stream()
            .filter(copy -> copy.key().templateSha256().equals(template.sha256()))
            .toList());
  }

  @GetMapping
  Page<TemplateView> list(
      Tenant tenant,
      @RequestParam(required = false) String limit,
      @RequestParam(required = false) String cursor) {
    List<RecordingCopy> copies = recordings.all();
    return catalogue
        .list(tenant.id(), PageRequest.of(limit, cursor))
        .map(template -> view(template, copies));
  }

  @GetMapping("/{id}")
  TemplateView get(Tenant tenant, @PathVariable String id) {
    return view(registry.get(tenant, id));
  }

  @GetMapping("/{id}/image")
  ResponseEntity<Resource> image(Tenant tenant, @PathVariable String id) throws IOException {
    Template template = registry.get(tenant, id);
    Resource image =
        objects
            .find(template.objectKey())
            .orElseThrow(() -> ProblemException.notFound("image of template", id));
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(template.contentType()))
        .eTag("\"" + template.sha256() + "\"")
        .cacheControl(CacheControl.noCache().cachePrivate())
        .header("X-Content-Type-Options", "nosniff")
        .body(image);
  }

  @DeleteMapping("/{id}")
  ResponseEntity<Void> delete(Tenant tenant, @PathVariable String id) throws IOException {
    registry.delete(tenant, id);
    meters.counter("fresco.cache.templates.deleted").increment();
    return ResponseEntity.noContent().build();
  }
}
