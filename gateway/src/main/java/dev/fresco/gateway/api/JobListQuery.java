package dev.fresco.gateway.api;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobState;
import dev.fresco.gateway.view.JobIds;
import dev.fresco.gateway.view.JobView;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.util.MultiValueMap;

/**
 * Which jobs to list.
 *
 * @param state null for any
 * @param kind as in the API, null for any
 * @param labels that a job must have with these values
 * @param cursor id of the last job that the caller has seen, or null
 */
record JobListQuery(
    JobState state, String kind, Map<String, String> labels, int limit, String cursor) {
  private static final int DEFAULT_LIMIT = 20;
  private static final String LABEL = "label.";
  private static final List<String> NAMES =
      List.of("state", "kind", "label.KEY", "limit", "cursor");

  /**
   * @throws ProblemException 422 with every parameter that is wrong
   */
  static JobListQuery parse(MultiValueMap<String, String> parameters, int maxLimit) {
    List<FieldProblem> problems = new ArrayList<>();
    JobState state = null;
    String kind = null;
    Map<String, String> labels = new HashMap<>();
    int limit = Math.min(DEFAULT_LIMIT, maxLimit);
    String cursor = null;
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      String value = parameter.getValue().get(0);
      if (parameter.getValue().size() > 1) {
        problems.add(new FieldProblem(name, parameter.getValue(), 1, "must be given once"));
      } else if (name.startsWith(LABEL) && name.length() > LABEL.length()) {
        labels.put(name.substring(LABEL.length()), value);
      } else {
        switch (name) {
          case "state" -> state = state(value, problems);
          case "kind" -> kind = kind(value, problems);
          case "limit" -> limit = limit(value, maxLimit, problems);
          case "cursor" -> cursor = cursor(value, problems);
          default -> problems.add(new FieldProblem(name, value, NAMES, "is not a known parameter"));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    return new JobListQuery(state, kind, labels, limit, cursor);
  }

  private static JobState state(String value, List<FieldProblem> problems) {
    return Arrays.stream(JobState.values())
        .filter(state -> state.name().equals(value))
        .findFirst()
        .orElseGet(
            () -> {
              List<String> known = Arrays.stream(JobState.values()).map(Enum::name).toList();
              problems.add(oneOf("state", value, known));
              return null;
            });
  }

  private static String kind(String value, List<FieldProblem> problems) {
    List<String> known = Arrays.stream(JobKind.values()).map(JobKind::wireName).toList();
    if (!known.contains(value)) {
      problems.add(oneOf("kind", value, known));
    }
    return value;
  }

  private static FieldProblem oneOf(String name, String value, List<String> known) {
    return new FieldProblem(name, value, known, "must be one of " + String.join(", ", known));
  }

  private static int limit(String value, int maxLimit, List<FieldProblem> problems) {
    boolean isNumber = value.matches("[0-9]{1,9}");
    int limit = isNumber ? Integer.parseInt(value) : 0;
    if (limit < 1 || limit > maxLimit) {
      problems.add(
          new FieldProblem(
              "limit",
              value,
              maxLimit,
              "must be a number from 1 to " + maxLimit + " (fresco.limits.max-page)"));
    }
    return limit;
  }

  private static String cursor(String value, List<FieldProblem> problems) {
    if (!JobIds.isJobId(value)) {
      problems.add(new FieldProblem("cursor", value, null, "must be a nextCursor of this list"));
    }
    return value;
  }

  Predicate<JobView> filter() {
    return view ->
        (state == null || view.state() == state)
            && (kind == null || view.requested().request().kind().wireName().equals(kind))
            && labels.entrySet().stream()
                .allMatch(
                    label ->
                        label
                            .getValue()
                            .equals(view.requested().request().labels().get(label.getKey())));
  }
}
