package dev.fresco.cache.template;

import dev.fresco.cache.recording.Recordings;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.template.Template;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.catalogue.ContentId;
import dev.fresco.platform.catalogue.KeyedLocks;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.image.ImageInspector;
import dev.fresco.platform.image.RefusedImageException;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Registers and deletes templates. The image is stored before the event that makes it known, and
 * removed after the event that makes it forgotten: a process killed in between leaves at most a
 * file that nobody can name, which the next upload of the same image takes over.
 */
@Component
public final class TemplateRegistry {
  private final ImageInspector images;
  private final ObjectStore objects;
  private final EventPublisher events;
  private final Catalogue<Template> catalogue;
  private final TemplatePictures pictures;
  private final Recordings recordings;
  private final Clock clock;
  private final Duration publishLimit;
  private final KeyedLocks locks = new KeyedLocks();

  public TemplateRegistry(
      ImageInspector images,
      ObjectStore objects,
      EventPublisher events,
      Catalogue<Template> catalogue,
      TemplatePictures pictures,
      Recordings recordings,
      Clock clock,
      CatalogueConfiguration.Settings settings) {
    this.images = images;
    this.objects = objects;
    this.events = events;
    this.catalogue = catalogue;
    this.pictures = pictures;
    this.recordings = recordings;
    this.clock = clock;
    this.publishLimit = settings.publishLimit();
  }

  /**
   * @param created false if the tenant had uploaded the same image before
   */
  public record Registration(Template template, boolean created) {}

  /**
   * Registers an image.
   *
   * @param name for people, or null
   * @throws ProblemException if it cannot be a template
   */
  public Registration register(Tenant tenant, String name, byte[] image) throws IOException {
    ImageInspector.Inspected inspected = inspected(image);
    String sha256 = Sha256.of(image);
    String id = ContentId.of("tpl", tenant, sha256);
    Template template =
        new Template(
            id,
            tenant.id(),
            name,
            inspected.width(),
            inspected.height(),
            inspected.format().contentType(),
            image.length,
            sha256,
            "templates/" + id,
            clock.instant());
    return locks.holding(id, () -> registerOnce(template, image));
  }

  private ImageInspector.Inspected inspected(byte[] image) {
    try {
      return images.inspect(image);
    } catch (RefusedImageException refused) {
      throw refused.asProblem("image");
    }
  }

  private Registration registerOnce(Template template, byte[] image) throws IOException {
    if (objects.find(template.objectKey()).isEmpty()) {
      objects.put(template.objectKey(), image);
    }
    Optional<Template> known = catalogue.find(template.id());
    if (known.isPresent()) {
      return new Registration(known.get(), false);
    }
    publish(
        new TemplateEvent.Registered(template.id(), template.createdAt(), template),
        Change.put(template.id(), template));
    return new Registration(template, true);
  }

  /** Deletes a template, its image, and the recordings of it that no other template shares. */
  public void delete(Tenant tenant, String id) throws IOException {
    locks.holding(
        id,
        () -> {
          Template template = get(tenant, id);
          publish(new TemplateEvent.Deleted(id, clock.instant()), Change.remove(id));
          objects.delete(template.objectKey());
          if (!pictures.exist(template.sha256())) {
            recordings.templateDeleted(template.sha256());
          }
          return null;
        });
  }

  /**
   * A tenant's template.
   *
   * @throws ProblemException 404 if the tenant has none of this id
   */
  public Template get(Tenant tenant, String id) {
    return catalogue
        .find(id)
        .filter(template -> template.tenant().equals(tenant.id()))
        .orElseThrow(() -> ProblemException.notFound("template", id));
  }

  private void publish(TemplateEvent event, Change<Template> change) {
    long offset =
        events.publishAndWait(Topics.TEMPLATES_EVENTS, event.templateId(), event, publishLimit);
    catalogue.apply(change, offset);
  }
}
