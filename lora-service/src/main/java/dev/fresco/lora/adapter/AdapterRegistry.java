package dev.fresco.lora.adapter;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.adapter.AdapterEvent;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.catalogue.ContentId;
import dev.fresco.platform.catalogue.KeyedLocks;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Registers and deletes adapters. The files are stored before the event that makes them known, and
 * removed after the event that makes them forgotten: a process killed in between leaves at most
 * files that nobody can name, which the next upload of the same adapter takes over.
 */
@Component
public final class AdapterRegistry {
  private final AdapterLimits limits;
  private final ObjectStore objects;
  private final EventPublisher events;
  private final Catalogue<Adapter> catalogue;
  private final Clock clock;
  private final Duration publishLimit;
  private final KeyedLocks locks = new KeyedLocks();

  public AdapterRegistry(
      AdapterLimits limits,
      ObjectStore objects,
      EventPublisher events,
      Catalogue<Adapter> catalogue,
      Clock clock,
      CatalogueConfiguration.Settings settings) {
    this.limits = limits;
    this.objects = objects;
    this.events = events;
    this.catalogue = catalogue;
    this.clock = clock;
    this.publishLimit = settings.publishLimit();
  }

  /**
   * @param created false if the tenant had uploaded the same files before
   */
  public record Registration(Adapter adapter, boolean created) {}

  /**
   * Registers an adapter.
   *
   * @throws ProblemException if it cannot be one
   */
  public Registration register(Tenant tenant, AdapterUpload upload) throws IOException {
    AdapterDescription description = upload.describe(limits.header());
    String sha256;
    try (var file = upload.file().getInputStream()) {
      sha256 = Sha256.of(file);
    }
    String id = id(tenant, upload, sha256);
    Adapter adapter =
        new Adapter(
            id,
            upload.kind(),
            tenant.id(),
            upload.name(),
            description.format(),
            upload.baseModel() == null ? description.baseModel() : upload.baseModel(),
            description.ranks(),
            description.targets(),
            description.layers(),
            upload.fileBytes(),
            sha256,
            objectKey(id),
            clock.instant(),
            description.family(),
            config(id, upload));
    return locks.holding(id, () -> registerOnce(adapter, upload));
  }

  private static String id(Tenant tenant, AdapterUpload upload, String sha256) throws IOException {
    if (upload.kind() == Adapter.Kind.LORA) {
      return ContentId.of("lora", tenant, sha256);
    }
    String config = Sha256.of(upload.config());
    return ContentId.of("cnet", tenant, sha256 + "/" + config);
  }

  private static String objectKey(String id) {
    return "adapters/" + id;
  }

  private static StoredObject config(String id, AdapterUpload upload) {
    byte[] config = upload.config();
    return upload.kind() == Adapter.Kind.LORA
        ? null
        : new StoredObject(objectKey(id) + ".json", Sha256.of(config), config.length);
  }

  private Registration registerOnce(Adapter adapter, AdapterUpload upload) throws IOException {
    if (adapter.kind() == Adapter.Kind.CONTROLNET) {
      objects.put(adapter.config().objectKey(), upload.config());
    }
    if (objects.find(adapter.objectKey()).isEmpty()) {
      try (var file = upload.file().getInputStream()) {
        objects.put(adapter.objectKey(), file);
      }
    }
    Optional<Adapter> known = catalogue.find(adapter.id());
    if (known.isPresent() && saysAsMuch(known.get(), adapter)) {
      return new Registration(known.get(), false);
    }
    publish(
        new AdapterEvent.Registered(adapter.id(), adapter.createdAt(), adapter),
        Change.put(adapter.id(), adapter));
    return new Registration(adapter, known.isEmpty());
  }

  /** What an earlier version registered may lack what this one reads from the same files. */
  private static boolean saysAsMuch(Adapter known, Adapter now) {
    return Objects.equals(known.config(), now.config())
        && Objects.equals(known.family(), now.family());
  }

  /** Deletes an adapter and its files. */
  public void delete(Tenant tenant, Adapter.Kind kind, String id) throws IOException {
    locks.holding(
        id,
        () -> {
          Adapter adapter = get(tenant, kind, id);
          publish(new AdapterEvent.Deleted(id, clock.instant()), Change.remove(id));
          objects.delete(adapter.objectKey());
          if (kind == Adapter.Kind.CONTROLNET) {
            objects.delete(configKey(adapter));
          }
          return null;
        });
  }

  /**
   * A tenant's adapter.
   *
   * @throws ProblemException 404 if the tenant has none of this kind and id
   */
  public Adapter get(Tenant tenant, Adapter.Kind kind, String id) {
    return catalogue
        .find(id)
        .filter(adapter -> adapter.tenant().equals(tenant.id()) && adapter.kind() == kind)
        .orElseThrow(() -> ProblemException.notFound(kind.wireName(), id));
  }

  /** Where the config.json of a ControlNet lies in the object store. */
  public static String configKey(Adapter controlNet) {
    return controlNet.objectKey() + ".json";
  }

  private void publish(AdapterEvent event, Change<Adapter> change) {
    long offset =
        events.publishAndWait(Topics.ADAPTERS_EVENTS, event.adapterId(), event, publishLimit);
    catalogue.apply(change, offset);
  }
}
