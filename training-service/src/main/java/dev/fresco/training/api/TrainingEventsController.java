package dev.fresco.training.api;

import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.web.EventStreams;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.job.TrainingRegistry;
import dev.fresco.training.job.TrainingSamples;
import dev.fresco.training.stream.TrainingEventLog.Entry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A training job's events as server-sent events; {@code event:} is the type of each. */
@RestController
class TrainingEventsController {
  private final TrainingRegistry registry;
  private final EventStreams<Entry> streams;
  private final JsonMapper json;

  TrainingEventsController(
      TrainingRegistry registry, EventStreams<Entry> streams, JsonMapper json) {
    this.registry = registry;
    this.streams = streams;
    this.json = json;
  }

  @GetMapping("/v1/training-jobs/{id}/events")
  void follow(
      Tenant tenant,
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) String lastEventId,
      HttpServletRequest call,
      HttpServletResponse answer)
      throws IOException {
    String lastId = EventStreams.lastId(lastEventId);
    TrainingJob job = registry.get(tenant, id);
    if (job.state().hasEnded() && streams.isExhausted(id, lastId)) {
      // A browser comes back after every end, unless it is told that there is nothing.
      answer.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    streams.stream(
        call,
        answer,
        new EventStreams.Following<>(
            id, lastId, () -> registry.get(tenant, id).state().hasEnded(), this::render));
  }

  private byte[] render(List<Entry> events) {
    StringBuilder text = new StringBuilder();
    for (Entry entry : events) {
      ObjectNode event = json.valueToTree(entry.event());
      text.append("id: ").append(entry.id()).append('\n');
      text.append("event: ").append(event.get("type").asString()).append('\n');
      text.append("data: ").append(json.writeValueAsString(data(entry.event(), event)));
      text.append("\n\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** All but whose the job is. */
  private JsonNode data(TrainingEvent event, ObjectNode asSent) {
    if (event instanceof TrainingEvent.Created created) {
      return json.valueToTree(new CreatedData(created.at(), TrainingJobView.of(created.job())));
    }
    asSent.remove(List.of("type", "trainingJobId"));
    if (event instanceof TrainingEvent.Sampled sampled) {
      asSent.remove("objectKey");
      asSent.put("sample", TrainingSamples.path(sampled.trainingJobId(), sampled.iterations()));
    }
    return asSent;
  }

  record CreatedData(Instant at, TrainingJobView job) {}
}
