package dev.fresco.lora.api;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.lora.adapter.AdapterLimits;
import dev.fresco.lora.adapter.AdapterRegistry;
import dev.fresco.lora.adapter.AdapterShelf;
import dev.fresco.lora.adapter.AdapterUpload;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.Page;
import dev.fresco.platform.catalogue.PageRequest;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.platform.web.UploadForm;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/loras} and {@code /v1/controlnets}. */
@RestController
class AdaptersController {
  private static final String LORAS = "/v1/loras";
  private static final String CONTROLNETS = "/v1/controlnets";
  private static final String EITHER = "/v1/{collection:loras|controlnets}";
  private static final Set<String> TEXTS = Set.of("name", "baseModel");

  private final AdapterRegistry registry;
  private final Catalogue<Adapter> catalogue;
  private final ObjectStore objects;
  private final UploadForm.Limit limit;
  private final MeterRegistry meters;

  AdaptersController(
      AdapterRegistry registry,
      Catalogue<Adapter> catalogue,
      ObjectStore objects,
      AdapterLimits limits,
      MeterRegistry meters) {
    this.registry = registry;
    this.catalogue = catalogue;
    this.objects = objects;
    this.limit = new UploadForm.Limit(limits.maxAdapterBytes().toBytes(), AdapterLimits.BYTES_KNOB);
    this.meters = meters;
  }

  @PostMapping(path = LORAS, consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  ResponseEntity<AdapterView> uploadLora(Tenant tenant, HttpServletRequest request)
      throws IOException {
    UploadForm form = UploadForm.read(request, Set.of("file"), TEXTS, limit);
    return register(tenant, LORAS, upload(Adapter.Kind.LORA, form, new byte[0]));
  }

  @PostMapping(path = CONTROLNETS, consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  ResponseEntity<AdapterView> uploadControlNet(Tenant tenant, HttpServletRequest request)
      throws IOException {
    UploadForm form = UploadForm.read(request, Set.of("file", "config"), TEXTS, limit);
    byte[] config;
    try (var input = form.file("config").getInputStream()) {
      config = input.readNBytes(AdapterUpload.LARGEST_CONFIG + 1);
    }
    return register(tenant, CONTROLNETS, upload(Adapter.Kind.CONTROLNET, form, config));
  }

  private static AdapterUpload upload(Adapter.Kind kind, UploadForm form, byte[] config) {
    return new AdapterUpload(
        kind,
        form.text("name"),
        form.text("baseModel"),
        form.file("file"),
        form.file("file").getSize(),
        config);
  }

  private ResponseEntity<AdapterView> register(Tenant tenant, String path, AdapterUpload upload)
      throws IOException {
    AdapterRegistry.Registration registration = registry.register(tenant, upload);
    Adapter adapter = registration.adapter();
    meters
        .counter(
            "fresco.lora.adapters.registered",
            "kind",
            adapter.kind().wireName(),
            "result",
            registration.created() ? "created" : "known")
        .increment();
    return registration.created()
        ? ResponseEntity.created(URI.create(path + "/" + adapter.id()))
            .body(AdapterView.of(adapter))
        : ResponseEntity.ok(AdapterView.of(adapter));
  }

  @GetMapping(EITHER)
  Page<AdapterView> list(
      Tenant tenant,
      @PathVariable String collection,
      @RequestParam(required = false) String limit,
      @RequestParam(required = false) String cursor) {
    return catalogue
        .list(AdapterShelf.of(tenant.id(), kind(collection)), PageRequest.of(limit, cursor))
        .map(AdapterView::of);
  }

  @GetMapping(EITHER + "/{id}")
  AdapterView get(Tenant tenant, @PathVariable String collection, @PathVariable String id) {
    return AdapterView.of(registry.get(tenant, kind(collection), id));
  }

  /** The safetensors file; parts of it by a {@code Range} header. */
  @GetMapping(EITHER + "/{id}/file")
  ResponseEntity<Resource> file(
      Tenant tenant, @PathVariable String collection, @PathVariable String id) throws IOException {
    Adapter adapter = registry.get(tenant, kind(collection), id);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .eTag("\"" + adapter.sha256() + "\"")
        .body(stored(adapter.objectKey(), id));
  }

  @GetMapping(CONTROLNETS + "/{id}/config")
  ResponseEntity<Resource> config(Tenant tenant, @PathVariable String id) throws IOException {
    Adapter adapter = registry.get(tenant, Adapter.Kind.CONTROLNET, id);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(stored(AdapterRegistry.configKey(adapter), id));
  }

  @DeleteMapping(EITHER + "/{id}")
  ResponseEntity<Void> delete(
      Tenant tenant, @PathVariable String collection, @PathVariable String id) throws IOException {
    Adapter.Kind kind = kind(collection);
    registry.delete(tenant, kind, id);
    meters.counter("fresco.lora.adapters.deleted", "kind", kind.wireName()).increment();
    return ResponseEntity.noContent().build();
  }

  private Resource stored(String key, String id) throws IOException {
    return objects.find(key).orElseThrow(() -> ProblemException.notFound("file of adapter", id));
  }

  private static Adapter.Kind kind(String collection) {
    return collection.equals("loras") ? Adapter.Kind.LORA : Adapter.Kind.CONTROLNET;
  }
}
