package dev.fresco.gateway.admission;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.template.Template;
import dev.fresco.gateway.catalogue.FollowedTopic;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.image.ImageFormat;
import dev.fresco.platform.image.ImageInspector;
import dev.fresco.platform.image.RefusedImageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Finds the pictures and adapters that a form names. A tenant finds its own only. */
@Component
class SourceSearch {
  private static final String FETCHED_FROM_ELSEWHERE =
      "be left out: pictures are not fetched from elsewhere; send base64, or upload a template"
          + " and name it";
  private static final String A_TEMPLATE = "a template's id";
  private static final String ONE_OF_TWO = "have either base64 or template";

  private final FollowedTopic<Adapter> adapters;
  private final FollowedTopic<Template> templates;
  private final ImageInspector inspector;
  private final LimitSettings limits;

  SourceSearch(
      FollowedTopic<Adapter> adapters,
      FollowedTopic<Template> templates,
      ImageInspector inspector,
      LimitSettings limits) {
    this.adapters = adapters;
    this.templates = templates;
    this.inspector = inspector;
    this.limits = limits;
  }

  /**
   * Looks as far as is needed to check the form; pictures may still be damaged behind their header.
   *
   * @param faults to which is added what cannot be found or is no picture
   */
  Sources find(String tenant, JobForm form, List<Fault> faults) {
    List<LoraForm> loras = upTo(limits.maxLoras(), form.loras());
    List<ControlNetForm> nets = upTo(limits.maxControlnets(), form.controlnets());
    SourceImage start =
        form.template() == null
            ? image("image", form.image(), tenant, faults)
            : template(form.template(), tenant, faults);
    List<SourceImage> shown = new ArrayList<>();
    for (int n = 0; n < nets.size(); n++) {
      shown.add(image("controlnets[" + n + "].image", nets.get(n).image(), tenant, faults));
    }
    SourceImage mask = MaskRules.isEdit(form) ? mask(form.mask(), faults) : null;
    return new Sources(start, mask, shown, adapters(tenant, loras, nets));
  }

  /** More than a limit is refused as a whole, and not looked at. */
  private static <T> List<T> upTo(int limit, List<T> forms) {
    return forms == null || forms.size() > limit ? List.of() : forms;
  }

  private Map<String, Adapter> adapters(
      String tenant, List<LoraForm> loras, List<ControlNetForm> nets) {
    Map<String, Adapter> found = new HashMap<>();
    Stream.concat(loras.stream().map(LoraForm::id), nets.stream().map(ControlNetForm::id))
        .filter(Objects::nonNull)
        .distinct()
        .flatMap(id -> adapters.find(id).stream())
        .filter(adapter -> adapter.tenant().equals(tenant))
        .forEach(adapter -> found.put(adapter.id(), adapter));
    return found;
  }

  private SourceImage image(String field, ImageForm form, String tenant, List<Fault> faults) {
    if (form == null) {
      return null;
    }
    if (form.url() != null) {
      return fetched(field, form.url(), ImageForm.TAKEN, faults);
    }
    if ((form.base64() == null) == (form.template() == null)) {
      boolean none = form.base64() == null;
      faults.add(
          none
              ? Fault.missing(field, ImageForm.TAKEN, ONE_OF_TWO)
              : Fault.against(field, "base64 and template", ImageForm.TAKEN, ONE_OF_TWO));
      return null;
    }
    return form.base64() == null
        ? template(field + ".template", form.template(), tenant, faults)
        : sent(field, form.base64(), faults);
  }

  private static SourceImage fetched(
      String field, String url, List<String> taken, List<Fault> faults) {
    faults.add(Fault.against(field + ".url", url, taken, FETCHED_FROM_ELSEWHERE));
    return null;
  }

  private SourceImage template(TemplateForm form, String tenant, List<Fault> faults) {
    if (form.url() != null) {
      return fetched("template", form.url(), List.of("id", "base64"), faults);
    }
    if (form.base64() == null) {
      return template("template.id", form.id(), tenant, faults);
    }
    if (form.id() != null) {
      List<String> taken = List.of("id", "base64");
      faults.add(Fault.against("template", "id and base64", taken, "have either id or base64"));
      return null;
    }
    return sent("template", form.base64(), faults);
  }

  private SourceImage mask(MaskForm form, List<Fault> faults) {
    if (form == null) {
      return null;
    }
    if (form.url() != null) {
      return fetched("mask", form.url(), List.of("base64"), faults);
    }
    if (form.base64() == null) {
      faults.add(Fault.missing("mask.base64", "base64", "be the mask's PNG or JPEG"));
      return null;
    }
    return sent("mask", form.base64(), faults);
  }

  private SourceImage sent(String field, byte[] bytes, List<Fault> faults) {
    try {
      return SourceImage.sent(field, bytes, inspector.inspectHeader(bytes));
    } catch (RefusedImageException refused) {
      faults.add(Fault.refused(field + ".base64", refused));
      return null;
    }
  }

  private SourceImage template(String field, String id, String tenant, List<Fault> faults) {
    Optional<Template> template =
        Optional.ofNullable(id)
            .flatMap(templates::find)
            .filter(found -> found.tenant().equals(tenant));
    if (template.isEmpty()) {
      String rule = "be the id of a template (POST /v1/templates)";
      faults.add(
          id == null
              ? Fault.missing(field, A_TEMPLATE, rule)
              : Fault.against(field, id, A_TEMPLATE, rule));
    }
    return template.map(found -> SourceImage.of(field, found)).orElse(null);
  }

  /**
   * Looks at all of the pictures that came with a request.
   *
   * @return what is wrong with them
   */
  List<Fault> damage(Sources sources) {
    List<Fault> faults = new ArrayList<>();
    for (SourceImage image : sources.images()) {
      if (image.wasSent()) {
        try {
          inspector.inspect(image.bytes());
        } catch (RefusedImageException refused) {
          faults.add(Fault.refused(image.field() + ".base64", refused));
        }
      }
    }
    return faults;
  }

  /**
   * Decodes the mask of a form that is sound in every other way, whose sources have one.
   *
   * @param faults to which is added what is wrong with it
   * @return of the job's size; null if it is wrong
   */
  MaskFile mask(JobForm form, Sources sources, ImageRules.Size size, List<Fault> faults) {
    SourceImage mask = sources.mask();
    Polarity polarity = Polarity.named(form.mask().edits()).orElseThrow();
    boolean isJpeg = mask.contentType().equals(ImageFormat.JPEG.contentType());
    try {
      Optional<MaskFile> kept =
          inspector.inspect(
              mask.bytes(),
              pixels ->
                  Optional.of(MaskPixels.read(pixels, polarity, isJpeg))
                      .filter(drawn -> !drawn.isEmpty())
                      .map(drawn -> drawn.scaledTo((int) size.width(), (int) size.height()))
                      .map(scaled -> scaled.grownBy(MaskRules.margin(form.mask())))
                      .map(MaskFile::of));
      if (kept.isEmpty()) {
        faults.add(MaskRules.paintsNothing(mask, polarity));
      }
      return kept.orElse(null);
    } catch (RefusedImageException refused) {
      faults.add(Fault.refused("mask.base64", refused));
      return null;
    }
  }
}
