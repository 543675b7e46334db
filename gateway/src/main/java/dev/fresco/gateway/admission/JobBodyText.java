package dev.fresco.gateway.admission;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.platform.store.Sha256;
import dev.fresco.platform.web.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The body of a job request as strict JSON: no key twice, nothing after the end. */
public record JobBodyText(JsonNode json) {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .build();

  /**
   * @throws ProblemException 400 if it is not JSON
   */
  public static JobBodyText parse(byte[] body) {
    try {
      JsonNode json = STRICT.readTree(body);
      if (json == null || json.isMissingNode()) {
        throw ProblemException.malformed("the body is empty; it must be a JSON object", List.of());
      }
      return new JobBodyText(json);
    } catch (JacksonException e) {
      throw ProblemException.malformed(
          "the body is not JSON: "
              + e.getOriginalMessage()
              + (e.getLocation() == null ? "" : " at " + e.getLocation().offsetDescription()),
          List.of());
    }
  }

  /**
   * The body of a job that records a template, where the call's path names the template.
   *
   * @throws ProblemException 422 if the body says itself what the path says
   */
  public JobBodyText asRecordingOf(String template) {
    if (!(json instanceof ObjectNode body)) {
      return this;
    }
    List<Fault> faults =
        Stream.of("kind", "template")
            .filter(body::has)
            .map(field -> Fault.against(field, "given", "", "be left out: the path says it"))
            .toList();
    if (!faults.isEmpty()) {
      throw Fault.asProblem(faults);
    }
    ObjectNode job = body.deepCopy();
    job.put("kind", JobKind.RECORDING.wireName());
    job.putObject("template").put("id", template);
    return new JobBodyText(job);
  }

  /** SHA-256, hexadecimal, of what the body says, whatever its spaces and the order of its keys. */
  String fingerprint() {
    return Sha256.of(STRICT.writeValueAsString(json));
  }
}
