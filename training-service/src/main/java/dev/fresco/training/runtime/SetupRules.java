package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.data.TrainingDataSet;
import dev.fresco.training.data.TrainingDataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Whether a job can be run here: what its fields alone do not tell. */
@Component
public final class SetupRules {
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private final TrainingDataStore data;
  private final RuntimeSettings settings;

  SetupRules(TrainingDataStore data, RuntimeSettings settings) {
    this.data = data;
    this.settings = settings;
  }

  /**
   * Checks a job whose fields are right.
   *
   * @throws ProblemException 422 naming all that is wrong
   */
  public void check(Tenant tenant, TrainingJob job) throws IOException {
    if (job.kind() == TrainingKind.EXTERNAL) {
      return;
    }
    List<FieldProblem> problems = new ArrayList<>();
    checkData(tenant, job, problems);
    if (job.kind() == TrainingKind.LORA) {
      checkModel(job.model(), problems);
    } else {
      checkSizes(job, problems);
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  private void checkData(Tenant tenant, TrainingJob job, List<FieldProblem> problems)
      throws IOException {
    String id = job.setup().data();
    Optional<TrainingDataSet> found = data.find(tenant, id);
    if (found.isEmpty()) {
      problems.add(new FieldProblem("setup.data", id, null, "are no training data"));
    } else if (found.get().format().kind() != job.kind()) {
      problems.add(
          new FieldProblem(
              "setup.data",
              id,
              null,
              "are %s; jobs of kind %s are not trained on them"
                  .formatted(found.get().format().wireName(), job.kind().wireName())));
    }
  }

  private void checkModel(String model, List<FieldProblem> problems) throws IOException {
    if (MODEL.matcher(model).matches() && Files.isDirectory(settings.models().resolve(model))) {
      return;
    }
    problems.add(
        new FieldProblem("model", model, models(), "is no model that a LoRA can be trained for"));
  }

  private List<String> models() throws IOException {
    if (!Files.isDirectory(settings.models())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(settings.models())) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static void checkSizes(TrainingJob job, List<FieldProblem> problems) {
    try {
      PipelineSpecs.of(job, Path.of("data"));
    } catch (IllegalArgumentException e) {
      problems.add(new FieldProblem("setup.sizes", null, null, "do not fit: " + e.getMessage()));
    }
  }
}
