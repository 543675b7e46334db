package dev.fresco.cache.template;

import dev.fresco.contracts.template.Template;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.Listed;
import dev.fresco.platform.catalogue.PageRequest;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which pictures are templates, whoever's. */
@Component
public final class TemplatePictures {
  private static final String SHELF = "sha256/";

  private final Catalogue<Template> catalogue;

  public TemplatePictures(Catalogue<Template> catalogue) {
    this.catalogue = catalogue;
  }

  /** Where a template appears in lists: among those of its tenant, and of its picture. */
  public static Listed listing(Template template) {
    return new Listed(List.of(template.tenant(), SHELF + template.sha256()), template.createdAt());
  }

  /** Whether a template has the picture with this SHA-256. */
  public boolean exist(String sha256) {
    return !catalogue.list(SHELF + sha256, new PageRequest(1, null)).items().isEmpty();
  }
}
