package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.Topics;
import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

class TrainingRebuildTest {
  private static final String PATH = TrainingJobsApiTest.PATH;

  @TempDir Path objects;

  private RunningService start() {
    return RunningService.start(TrainingApplication.class, "training-service", objects)
        .as("rebuild");
  }

  @Test
  void aFlushedRedisIsRebuiltAtTheStartAndWhatWasStoppedStaysSo() {
    Answer created;
    Answer stopped;
    try (RunningService service = start()) {
      created = service.postJson(PATH, TrainingJobsApiTest.JOB).hasStatus(201);
      String place = service.postJson(PATH, TrainingJobsApiTest.JOB).header("Location");
      stopped = service.delete(place).hasStatus(202);
      assertThat(service.get("/actuator/health/liveness").hasStatus(200).text())
          .doesNotContain("redis", "kafka");
      assertThat(service.get("/actuator/health/readiness").hasStatus(200).text())
          .contains("\"redis\"", "\"kafka\"");
      assertThat(service.get("/actuator/prometheus").hasStatus(200).text())
          .containsPattern("fresco_training_jobs_registered_total\\{[^}]*} 2")
          .containsPattern("fresco_training_jobs_stopped_total\\{[^}]*} 1");
    }
    RunningService.flushRedis();
    try (RunningService service = start()) {
      assertThat(service.get(PATH).json().get("items"))
          .containsExactly(stopped.json(), created.json());
    }
  }

  @Test
  void theTopicsKeepEveryJobAndItsPlan() throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.TRAINING_EVENTS);
    try (RunningService service = start();
        Admin admin = Admin.create(service.bean(KafkaAdmin.class).getConfigurationProperties())) {
      Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      assertThat(config.get(TopicConfig.RETENTION_MS_CONFIG).value()).isEqualTo("-1");
      assertThat(config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value()).isEqualTo("delete");
      ConfigResource plans = new ConfigResource(ConfigResource.Type.TOPIC, Topics.TRAINING_PLANS);
      Config ofPlans = admin.describeConfigs(List.of(plans)).all().get().get(plans);
      assertThat(ofPlans.get(TopicConfig.CLEANUP_POLICY_CONFIG).value()).isEqualTo("compact");
    }
  }

  @Test
  void aRecordThatCannotBeReadDoesNotHoldUpThoseBehindIt() throws Exception {
    Answer created;
    try (RunningService service = start()) {
      KafkaTemplate<String, String> kafka = service.bean(KafkaTemplate.class);
      kafka.send(Topics.TRAINING_EVENTS, "trn_x", "no event").get();
      kafka.send(Topics.TRAINING_EVENTS, "trn_x", "{\"type\":\"from-the-future\"}").get();
      created = service.postJson(PATH, TrainingJobsApiTest.JOB).hasStatus(201);
    }
    RunningService.flushRedis();
    try (RunningService service = start()) {
      assertThat(service.get(PATH + "/" + created.field("id")).json()).isEqualTo(created.json());
      KafkaTemplate<String, String> kafka = service.bean(KafkaTemplate.class);
      kafka.setConsumerFactory(service.bean(org.springframework.kafka.core.ConsumerFactory.class));
      assertThat(kafka.receive(Topics.TRAINING_EVENTS + Topics.DEAD_LETTER_SUFFIX, 0, 0).value())
          .isEqualTo("no event");
    }
  }
}
