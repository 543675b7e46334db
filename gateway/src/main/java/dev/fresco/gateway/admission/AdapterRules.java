package dev.fresco.gateway.admission;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.worker.ModelAbilities;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Holds a form's LoRAs and ControlNets against the model and the limits. */
final class AdapterRules {
  private static final String SCALE_KNOB = "fresco.limits.max-adapter-scale";

  private final JobForm form;
  private final Terms terms;
  private final List<Fault> faults;

  private AdapterRules(JobForm form, Terms terms, List<Fault> faults) {
    this.form = form;
    this.terms = terms;
    this.faults = faults;
  }

  /**
   * @param faults to which what is wrong is added
   */
  static void check(JobForm form, Terms terms, List<Fault> faults) {
    AdapterRules rules = new AdapterRules(form, terms, faults);
    int loras = form.loras() == null ? 0 : form.loras().size();
    int nets = form.controlnets() == null ? 0 : form.controlnets().size();
    ModelAbilities abilities = terms.card() == null ? null : terms.card().abilities();
    if (rules.mayHave("loras", loras, abilities == null || abilities.loras())
        && rules.fits("loras", loras, terms.limits().maxLoras(), "fresco.limits.max-loras")) {
      rules.checkLoras();
    }
    if (rules.mayHave("controlnets", nets, abilities == null || abilities.controlNets())
        && rules.fits(
            "controlnets",
            nets,
            terms.limits().maxControlnets(),
            "fresco.limits.max-controlnets")) {
      rules.checkControlNets();
    }
  }

  private boolean mayHave(String field, int count, boolean able) {
    if (count > 0 && !able) {
      String rule = "be left out: " + terms.model() + " takes none";
      faults.add(Fault.against(field, count, 0, rule));
    }
    return count > 0 && able;
  }

  private boolean fits(String field, int count, int limit, String knob) {
    if (count > limit) {
      faults.add(Fault.tooMany(field, count, limit, knob));
    }
    return count <= limit;
  }

  private void checkLoras() {
    Set<String> named = new HashSet<>();
    for (int n = 0; n < form.loras().size(); n++) {
      LoraForm lora = form.loras().get(n);
      String field = "loras[" + n + "]";
      checkAdapter(field + ".id", lora.id(), Adapter.Kind.LORA);
      if (lora.id() != null && !named.add(lora.id())) {
        faults.add(Fault.against(field + ".id", lora.id(), 1, "be named once"));
      }
      checkScale(field + ".scale", lora.scale(), -terms.limits().maxAdapterScale());
    }
  }

  private void checkControlNets() {
    for (int n = 0; n < form.controlnets().size(); n++) {
      ControlNetForm net = form.controlnets().get(n);
      String field = "controlnets[" + n + "]";
      checkAdapter(field + ".id", net.id(), Adapter.Kind.CONTROLNET);
      checkScale(field + ".scale", net.scale(), 0);
      checkRange(field, net);
      if (net.image() == null) {
        String rule = "be the picture that the ControlNet is shown";
        faults.add(Fault.missing(field + ".image", ImageForm.TAKEN, rule));
      }
    }
  }

  private void checkAdapter(String field, String id, Adapter.Kind kind) {
    boolean isLora = kind == Adapter.Kind.LORA;
    String rule =
        isLora
            ? "be the id of a LoRA (POST /v1/loras)"
            : "be the id of a ControlNet (POST /v1/controlnets)";
    String limit = isLora ? "a LoRA's id" : "a ControlNet's id";
    if (id == null) {
      faults.add(Fault.missing(field, limit, rule));
      return;
    }
    Optional<Adapter> found = terms.sources().adapter(id, kind);
    if (found.isEmpty()) {
      faults.add(Fault.against(field, id, limit, rule));
      return;
    }
    if (!isLora && found.get().config() == null) {
      faults.add(Fault.against(field, id, limit, "be uploaded again: its config is not known"));
    }
    if (terms.card() != null) {
      checkFamily(field, found.get());
    }
  }

  /** By what the file says of itself; else by the model that the uploader named, if it is known. */
  private void checkFamily(String field, Adapter adapter) {
    String needed = terms.card().family();
    String base = adapter.baseModel() == null ? "" : adapter.baseModel();
    String made =
        adapter.family() == null ? terms.families().getOrDefault(base, needed) : adapter.family();
    if (!made.equals(needed)) {
      String rule =
          "fit %s, which is of %s; it was made for %s".formatted(terms.model(), needed, made);
      faults.add(Fault.against(field, adapter.id(), needed, rule));
    }
  }

  private void checkScale(String field, Double scale, double least) {
    double limit = terms.limits().maxAdapterScale();
    if (scale == null) {
      return;
    }
    if (!Double.isFinite(scale)) {
      faults.add(Fault.against(field, scale.toString(), "a finite number", "be finite"));
    } else if (scale > limit) {
      faults.add(Fault.aboveLimit(field, scale, limit, SCALE_KNOB));
    } else if (scale < least) {
      faults.add(Fault.belowLeast(field, scale, least, least == 0 ? null : SCALE_KNOB));
    }
  }

  private void checkRange(String field, ControlNetForm net) {
    double from = from(net);
    double to = to(net);
    if (!(from >= 0 && from < 1)) {
      faults.add(Fault.against(field + ".from", String.valueOf(from), 0, "be 0 to below 1"));
    } else if (!(to > from && to <= 1)) {
      String rule = "be over from, " + from + ", and at most 1";
      faults.add(Fault.against(field + ".to", String.valueOf(to), 1, rule));
    }
  }

  private static double from(ControlNetForm net) {
    return net.from() == null ? 0 : net.from();
  }

  private static double to(ControlNetForm net) {
    return net.to() == null ? 1 : net.to();
  }

  private static double scale(Double given) {
    return given == null ? 1 : given;
  }

  /** The LoRAs of a sound form. */
  static List<LoraUse> loras(JobForm form, Sources sources) {
    List<LoraUse> uses = new ArrayList<>();
    for (LoraForm lora : form.loras() == null ? List.<LoraForm>of() : form.loras()) {
      Adapter adapter = sources.adapter(lora.id(), Adapter.Kind.LORA).orElseThrow();
      uses.add(new LoraUse(adapter.id(), scale(lora.scale()), adapter.file()));
    }
    return uses;
  }

  /**
   * The ControlNets of a sound form.
   *
   * @param images what each is shown, by its place
   */
  static List<ControlNetUse> controlNets(
      JobForm form, Sources sources, IntFunction<JobImage> images) {
    List<ControlNetUse> uses = new ArrayList<>();
    int count = form.controlnets() == null ? 0 : form.controlnets().size();
    for (int n = 0; n < count; n++) {
      ControlNetForm net = form.controlnets().get(n);
      Adapter adapter = sources.adapter(net.id(), Adapter.Kind.CONTROLNET).orElseThrow();
      uses.add(
          new ControlNetUse(
              adapter.id(),
              images.apply(n),
              scale(net.scale()),
              from(net),
              to(net),
              adapter.file(),
              adapter.config()));
    }
    return uses;
  }
}
