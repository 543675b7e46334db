package dev.fresco.training.job;

import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.platform.web.FieldChecks;
import dev.fresco.platform.web.FieldProblem;
import java.math.BigDecimal;
import java.util.List;

/**
 * What Fresco is to train and how, as a caller says it; what is null gets its default.
 *
 * @param data id of training data
 */
public record SetupSpec(
    String data,
    Sizes sizes,
    Lora lora,
    Optimizer optimizer,
    BigDecimal rows,
    BigDecimal seed,
    BigDecimal checkpointEvery,
    List<SlowLink> slowLinks) {
  private static final String SETUP = "setup.";
  private static final int LONGEST_TEXT = 200;
  private static final int LONGEST_PROMPT = 1_000;
  private static final int LARGEST_SIZE = 1 << 16;
  private static final int MOST_ROWS = 4_096;
  private static final int MOST_SLOW_LINKS = 100;
  private static final int DEFAULT_CHECKPOINT = 100;
  private static final String FIXED = "fixed";

  /**
   * As {@link TrainingSetup.ModelSizes}; the middle of the network is four times as wide if null.
   */
  public record Sizes(
      BigDecimal channels,
      BigDecimal heads,
      BigDecimal hidden,
      BigDecimal layers,
      BigDecimal positions,
      Latents latents) {}

  /** As {@link TrainingSetup.Latents}. */
  public record Latents(
      BigDecimal channels,
      BigDecimal height,
      BigDecimal width,
      BigDecimal patch,
      BigDecimal labels) {}

  /** As {@link TrainingSetup.Lora}; alpha is the rank if null. */
  public record Lora(
      BigDecimal rank, Double alpha, BigDecimal width, BigDecimal height, String sample) {}

  /** As {@link TrainingSetup.Optimizer}. */
  public record Optimizer(
      Double learningRate,
      Double beta1,
      Double beta2,
      Double epsilon,
      Double weightDecay,
      Double gradientLimit) {}

  /** As {@link TrainingSetup.SlowLink}; the iterations are all if null. */
  public record SlowLink(
      BigDecimal host,
      BigDecimal otherHost,
      Double delayMillis,
      BigDecimal fromIteration,
      BigDecimal toIteration) {}

  /** Checks every field of a job of a kind that Fresco runs. */
  void check(TrainingKind kind, int hosts, FieldChecks checks) {
    checks.required(SETUP + "data", data).text(SETUP + "data", data, LONGEST_TEXT);
    whole("rows", rows, 1, MOST_ROWS, checks);
    whole("seed", seed, Long.MIN_VALUE, Long.MAX_VALUE, checks);
    whole("checkpointEvery", checkpointEvery, 1, Integer.MAX_VALUE, checks);
    checkOptimizer(checks);
    checkSlowLinks(hosts, checks);
    if (kind == TrainingKind.LORA) {
      absent("sizes", sizes, kind, checks);
      checkLora(checks);
    } else {
      absent("lora", lora, kind, checks);
      checkSizes(kind, checks);
    }
  }

  private static void absent(String field, Object value, TrainingKind kind, FieldChecks checks) {
    if (value != null) {
      checks.add(
          new FieldProblem(
              SETUP + field, null, null, "is not for jobs of kind " + kind.wireName()));
    }
  }

  private static void whole(
      String field, BigDecimal value, long least, long most, FieldChecks checks) {
    checks.whole(SETUP + field, value, least, most, FIXED);
  }

  private static void size(String field, BigDecimal value, FieldChecks checks) {
    checks.required(SETUP + field, value);
    whole(field, value, 1, LARGEST_SIZE, checks);
  }

  private void checkSizes(TrainingKind kind, FieldChecks checks) {
    checks.required(SETUP + "sizes", sizes);
    if (sizes == null) {
      return;
    }
    size("sizes.channels", sizes.channels(), checks);
    size("sizes.heads", sizes.heads(), checks);
    size("sizes.layers", sizes.layers(), checks);
    whole("sizes.hidden", sizes.hidden(), 1, 4 * LARGEST_SIZE, checks);
    if (kind == TrainingKind.LANGUAGE_MODEL) {
      size("sizes.positions", sizes.positions(), checks);
      absent("sizes.latents", sizes.latents(), kind, checks);
      return;
    }
    absent("sizes.positions", sizes.positions(), kind, checks);
    checks.required(SETUP + "sizes.latents", sizes.latents());
    if (sizes.latents() != null) {
      size("sizes.latents.channels", sizes.latents().channels(), checks);
      size("sizes.latents.height", sizes.latents().height(), checks);
      size("sizes.latents.width", sizes.latents().width(), checks);
      size("sizes.latents.patch", sizes.latents().patch(), checks);
      whole("sizes.latents.labels", sizes.latents().labels(), 1, LARGEST_SIZE, checks);
    }
  }

  private void checkLora(FieldChecks checks) {
    checks.required(SETUP + "lora", lora);
    if (lora == null) {
      return;
    }
    checks.required(SETUP + "lora.rank", lora.rank());
    whole("lora.rank", lora.rank(), 1, 1024, checks);
    above0("lora.alpha", lora.alpha(), 1e6, checks);
    size("lora.width", lora.width(), checks);
    size("lora.height", lora.height(), checks);
    checks.text(SETUP + "lora.sample", lora.sample(), LONGEST_PROMPT);
  }

  private void checkOptimizer(FieldChecks checks) {
    if (optimizer == null) {
      return;
    }
    above0("optimizer.learningRate", optimizer.learningRate(), 1e3, checks);
    between("optimizer.beta1", optimizer.beta1(), 0, Math.nextDown(1), checks);
    between("optimizer.beta2", optimizer.beta2(), 0, Math.nextDown(1), checks);
    above0("optimizer.epsilon", optimizer.epsilon(), 1, checks);
    between("optimizer.weightDecay", optimizer.weightDecay(), 0, 1e3, checks);
    above0("optimizer.gradientLimit", optimizer.gradientLimit(), 1e9, checks);
  }

  private void checkSlowLinks(int hosts, FieldChecks checks) {
    int count = slowLinks == null ? 0 : slowLinks.size();
    if (count > MOST_SLOW_LINKS) {
      checks.add(new FieldProblem(SETUP + "slowLinks", count, MOST_SLOW_LINKS, "are " + count));
      return;
    }
    for (int i = 0; i < count; i++) {
      SlowLink link = slowLinks.get(i);
      String field = "slowLinks[" + i + "]";
      checks.required(SETUP + field, link);
      if (link != null) {
        checks
            .required(SETUP + field + ".host", link.host())
            .required(SETUP + field + ".otherHost", link.otherHost())
            .required(SETUP + field + ".delayMillis", link.delayMillis());
        whole(field + ".host", link.host(), 0, hosts - 1L, checks);
        whole(field + ".otherHost", link.otherHost(), 0, hosts - 1L, checks);
        between(field + ".delayMillis", link.delayMillis(), 0, 60_000, checks);
        whole(field + ".fromIteration", link.fromIteration(), 0, Long.MAX_VALUE, checks);
        whole(field + ".toIteration", link.toIteration(), 0, Long.MAX_VALUE, checks);
      }
    }
  }

  private static void between(
      String field, Double value, double least, double most, FieldChecks checks) {
    if (value != null && !(value >= least && value <= most)) {
      outside(field, value, "from " + least + " to " + most, checks);
    }
  }

  private static void above0(String field, Double value, double most, FieldChecks checks) {
    if (value != null && !(value > 0 && value <= most)) {
      outside(field, value, "above 0 and at most " + most, checks);
    }
  }

  private static void outside(String field, double value, String range, FieldChecks checks) {
    Object shown = Double.isFinite(value) ? (Object) value : String.valueOf(value);
    checks.add(
        new FieldProblem(SETUP + field, shown, range, "is " + value + "; it must be " + range));
  }

  /**
   * With every default; nothing is wrong with it.
   *
   * @param publish where what was trained goes, or null
   */
  TrainingSetup setup(TrainingKind kind, TrainingSetup.Publish publish) {
    return new TrainingSetup(
        data,
        sizes == null ? null : modelSizes(),
        lora == null ? null : loraOf(),
        optimizerOf(kind),
        rows == null ? 1 : rows.intValueExact(),
        seed == null ? 0 : seed.longValueExact(),
        checkpointEvery == null ? DEFAULT_CHECKPOINT : checkpointEvery.intValueExact(),
        slowLinks == null ? List.of() : slowLinks.stream().map(SetupSpec::slow).toList(),
        publish);
  }

  private TrainingSetup.ModelSizes modelSizes() {
    int channels = sizes.channels().intValueExact();
    Latents latents = sizes.latents();
    return new TrainingSetup.ModelSizes(
        channels,
        sizes.heads().intValueExact(),
        sizes.hidden() == null ? 4 * channels : sizes.hidden().intValueExact(),
        sizes.layers().intValueExact(),
        sizes.positions() == null ? null : sizes.positions().intValueExact(),
        latents == null
            ? null
            : new TrainingSetup.Latents(
                latents.channels().intValueExact(),
                latents.height().intValueExact(),
                latents.width().intValueExact(),
                latents.patch().intValueExact(),
                latents.labels() == null ? 1 : latents.labels().intValueExact()));
  }

  private TrainingSetup.Lora loraOf() {
    int rank = lora.rank().intValueExact();
    return new TrainingSetup.Lora(
        rank,
        lora.alpha() == null ? rank : lora.alpha(),
        lora.width().intValueExact(),
        lora.height().intValueExact(),
        lora.sample());
  }

  /** PyTorch's, but for the learning rate and the limit, which are common for each kind. */
  private TrainingSetup.Optimizer optimizerOf(TrainingKind kind) {
    Optimizer wanted =
        optimizer == null ? new Optimizer(null, null, null, null, null, null) : optimizer;
    double rate = kind == TrainingKind.LORA ? 1e-4 : 3e-4;
    return new TrainingSetup.Optimizer(
        or(wanted.learningRate(), rate),
        or(wanted.beta1(), .9),
        or(wanted.beta2(), .999),
        or(wanted.epsilon(), 1e-8),
        or(wanted.weightDecay(), .01),
        or(wanted.gradientLimit(), 1));
  }

  private static double or(Double value, double otherwise) {
    return value == null ? otherwise : value;
  }

  private static TrainingSetup.SlowLink slow(SlowLink link) {
    return new TrainingSetup.SlowLink(
        link.host().intValueExact(),
        link.otherHost().intValueExact(),
        link.delayMillis(),
        link.fromIteration() == null ? 0 : link.fromIteration().longValueExact(),
        link.toIteration() == null ? null : link.toIteration().longValueExact());
  }
}
