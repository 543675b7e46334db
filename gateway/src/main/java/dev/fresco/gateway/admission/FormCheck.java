package dev.fresco.gateway.admission;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.gateway.catalogue.ModelCatalogue;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.config.LimitSettings;
import dev.fresco.platform.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;

/** Turns the body of a call into a sound request, or into everything that is wrong with it. */
@Component
class FormCheck {
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  /** Drawn seeds are exact in every JSON reader, also in those that know doubles only. */
  private static final long SEEDS = 1L << 32;

  private final ModelCatalogue catalogue;
  private final SourceSearch search;
  private final LimitSettings limits;
  private final GatewaySettings settings;
  private final RandomGenerator randomness;
  private final Clock clock;

  FormCheck(
      ModelCatalogue catalogue,
      SourceSearch search,
      LimitSettings limits,
      GatewaySettings settings,
      RandomGenerator randomness,
      Clock clock) {
    this.catalogue = catalogue;
    this.search = search;
    this.limits = limits;
    this.settings = settings;
    this.randomness = randomness;
    this.clock = clock;
  }

  /**
   * @param jobId under which the pictures that come with the request are to lie
   * @throws ProblemException 422 with every fault; 503 while no model is known
   */
  SoundRequest request(JobBodyText body, String tenant, String jobId) {
    JobFormReader.Reading reading = JobFormReader.read(body.json());
    JobForm form = reading.form();
    List<ModelCard> models = catalogue.models();
    if (models.isEmpty()) {
      throw ProblemException.unavailable("no worker has announced a model yet", TRY_AGAIN);
    }
    List<Fault> faults = new ArrayList<>(reading.faults());
    Optional<ModelCard> card = model(form.model(), models);
    if (card.isEmpty()) {
      faults.add(noModel(form.model(), models));
    }
    List<Fault> unfound = new ArrayList<>();
    Sources sources = search.find(tenant, form, unfound);
    addNew(unfound, faults);
    Terms terms =
        new Terms(
            card.orElse(null),
            Terms.familiesOf(models),
            limits,
            sources,
            clock.instant(),
            randomness.nextLong(SEEDS));
    addNew(JobRules.check(form, terms), faults);
    // Decoding takes time, so only what is sound in every other way comes that far.
    MaskFile mask = null;
    if (faults.isEmpty()) {
      faults.addAll(search.damage(sources));
      if (form.mask() != null) {
        mask = search.mask(form, sources, ImageRules.size(form, terms), faults);
      }
    }
    if (!faults.isEmpty()) {
      throw Fault.asProblem(faults);
    }
    return SoundRequest.of(form, terms, mask, jobId);
  }

  /** A prompt of the wrong type is read as none; that it is missing need not be said as well. */
  private static void addNew(List<Fault> more, List<Fault> said) {
    List<Fault> before = List.copyOf(said);
    more.stream().filter(fault -> before.stream().noneMatch(fault::isAbout)).forEach(said::add);
  }

  private Optional<ModelCard> model(String name, List<ModelCard> models) {
    String wanted = name == null ? settings.defaultModel() : name;
    if (wanted == null) {
      return models.size() == 1 ? Optional.of(models.get(0)) : Optional.empty();
    }
    return models.stream().filter(card -> card.id().equals(wanted)).findFirst();
  }

  private static Fault noModel(String name, List<ModelCard> models) {
    List<String> known = models.stream().map(ModelCard::id).toList();
    return name == null
        ? Fault.missing("model", known, "be one of " + String.join(", ", known))
        : Fault.notOneOf("model", name, known, null);
  }
}
