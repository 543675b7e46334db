package dev.fresco.gateway;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.adapter.AdapterEvent;
import dev.fresco.contracts.template.Template;
import dev.fresco.contracts.template.TemplateEvent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Plays the services that keep adapters and templates: registers and deletes. */
final class Shelf {
  private static final String SHA256 = "ab".repeat(32);
  private final Backstage backstage;

  Shelf(Backstage backstage) {
    this.backstage = backstage;
  }

  private static String id(String prefix) {
    return prefix + "_" + UUID.randomUUID().toString().replace("-", "").substring(0, 26);
  }

  String lora() {
    return lora("default", null, null);
  }

  String lora(String tenant, String baseModel, String family) {
    return adapter(id("lora"), Adapter.Kind.LORA, tenant, baseModel, family, null);
  }

  String controlNet() {
    String id = id("cnet");
    StoredObject config = new StoredObject("adapters/" + id + ".json", "cd".repeat(32), 400);
    return adapter(id, Adapter.Kind.CONTROLNET, "default", null, "stable-diffusion", config);
  }

  /** As earlier versions registered them. */
  String controlNetWithoutConfig() {
    return adapter(id("cnet"), Adapter.Kind.CONTROLNET, "default", null, null, null);
  }

  private String adapter(
      String id,
      Adapter.Kind kind,
      String tenant,
      String baseModel,
      String family,
      StoredObject config) {
    Adapter adapter =
        new Adapter(
            id,
            kind,
            tenant,
            null,
            "peft",
            baseModel,
            List.of(4),
            List.of("unet"),
            12,
            98765,
            SHA256,
            "adapters/" + id,
            Instant.now(),
            family,
            config);
    AdapterEvent registered = new AdapterEvent.Registered(id, Instant.now(), adapter);
    backstage.send(Topics.ADAPTERS_EVENTS, id, registered);
    return id;
  }

  void deleteAdapter(String id) {
    backstage.send(Topics.ADAPTERS_EVENTS, id, new AdapterEvent.Deleted(id, Instant.now()));
  }

  String template(String tenant, int width, int height) {
    String id = id("tpl");
    Template template =
        new Template(
            id,
            tenant,
            null,
            width,
            height,
            "image/png",
            4321,
            SHA256,
            "templates/" + id,
            Instant.now());
    backstage.send(
        Topics.TEMPLATES_EVENTS, id, new TemplateEvent.Registered(id, Instant.now(), template));
    return id;
  }

  void deleteTemplate(String id) {
    backstage.send(Topics.TEMPLATES_EVENTS, id, new TemplateEvent.Deleted(id, Instant.now()));
  }
}
