package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.contracts.training.TrainingTelemetry.Kind;
import dev.fresco.contracts.training.TrainingTelemetry.MessageKind;
import dev.fresco.contracts.training.TrainingTelemetry.Messages;
import dev.fresco.contracts.training.TrainingTelemetry.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TelemetryCheckTest {
  private static final TrainingJob JOB = Jobs.of(3, 2, 2, TrainingSchedule.ADAPTIVE, null);
  private static final List<Double> TWO = List.of(10.0, 10.0);
  private static final Operations F = new Operations(Kind.F, TWO);
  private static final Operations B = new Operations(Kind.B, TWO);
  private static final Operations W = new Operations(Kind.W, TWO);
  private static final Operations BW = new Operations(Kind.BW, TWO);
  private static final Messages ON = new Messages(MessageKind.ACTIVATION, 2, 0, TWO);
  private static final Messages BACK = new Messages(MessageKind.GRADIENT, 0, 0, TWO);
  private static final Messages SUM = new Messages(MessageKind.ALL_REDUCE, 1, 1, List.of(5.0));

  private static TrainingTelemetry report(List<Operations> operations, List<Messages> messages) {
    return new TrainingTelemetry("trn_1", Jobs.START, 9, 0, 1, 100, null, operations, messages);
  }

  private static TrainingTelemetry numbers(
      long iteration, int replica, int stage, double millis, Double loss) {
    return new TrainingTelemetry(
        "trn_1", Jobs.START, iteration, replica, stage, millis, loss, List.of(F, BW), List.of());
  }

  @Test
  void aReportThatCanBeTrueHasNoProblem() {
    for (TrainingTelemetry good :
        List.of(
            report(List.of(F, B, W), List.of(ON, BACK, SUM)),
            report(List.of(F, BW), List.of()),
            numbers(0, 0, 0, 40, 2.5),
            numbers(999, 1, 2, 1e6, null))) {
      assertThat(TelemetryCheck.problems(JOB, good)).isEmpty();
    }
  }

  @Test
  void whatReportsOfATrainerSayCanBeTrue() {
    new SyntheticTrainer(JOB, 1)
        .iteration(5)
        .forEach(report -> assertThat(TelemetryCheck.problems(JOB, report)).isEmpty());
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        row(numbers(1000, 0, 0, 100, null), "iteration"),
        row(numbers(-1, 0, 0, 100, null), "iteration"),
        row(numbers(0, 2, 0, 100, null), "replica"),
        row(numbers(0, -1, 0, 100, null), "replica"),
        row(numbers(0, 0, 3, 100, null), "stage"),
        row(numbers(0, 0, -1, 100, null), "stage"),
        row(numbers(0, 0, 0, Double.NaN, null), "iterationMillis"),
        row(numbers(0, 0, 0, 1e9, null), "iterationMillis"),
        row(numbers(0, 0, 0, 30, null), "iterationMillis"),
        row(numbers(0, 0, 0, 100, Double.NaN), "loss"),
        row(report(List.of(), List.of()), "operations"),
        row(report(List.of(F), List.of()), "operations"),
        row(report(List.of(F, B), List.of()), "operations"),
        row(report(List.of(F, B, W, BW), List.of()), "operations"),
        row(report(List.of(F, F, BW), List.of()), "operations[1].kind"),
        row(
            report(List.of(new Operations(Kind.F, List.of(1.0)), BW), List.of()),
            "operations[0].millis"),
        row(
            report(List.of(F, new Operations(Kind.BW, List.of(-1.0, 1.0))), List.of()),
            "operations[1].millis[0]"),
        row(messages(new Messages(MessageKind.ACTIVATION, 0, 0, TWO)), "messages[0].toStage"),
        row(messages(new Messages(MessageKind.GRADIENT, 2, 0, TWO)), "messages[0].toStage"),
        row(
            messages(new Messages(MessageKind.ALL_REDUCE, 2, 1, List.of(1.0))),
            "messages[0].toStage"),
        row(messages(new Messages(MessageKind.ACTIVATION, 2, 1, TWO)), "messages[0].toReplica"),
        row(
            messages(new Messages(MessageKind.ALL_REDUCE, 1, 0, List.of(1.0))),
            "messages[0].toReplica"),
        row(
            messages(new Messages(MessageKind.ALL_REDUCE, 1, 2, List.of(1.0))),
            "messages[0].toReplica"),
        row(messages(new Messages(MessageKind.ALL_REDUCE, 1, 1, TWO)), "messages[0].millis"),
        row(messages(new Messages(MessageKind.ACTIVATION, 2, 0, List.of())), "messages[0].millis"),
        row(
            messages(
                new Messages(MessageKind.GRADIENT, 0, 0, List.of(1.0, Double.POSITIVE_INFINITY))),
            "messages[0].millis[1]"),
        row(messages(ON, ON), "messages[1].kind"));
  }

  private static TrainingTelemetry messages(Messages... messages) {
    return report(List.of(F, BW), List.of(messages));
  }

  private static Arguments row(TrainingTelemetry report, String field) {
    return Arguments.of(report, field);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatCannotBeTrueIsNamed(TrainingTelemetry report, String field) {
    assertThat(TelemetryCheck.problems(JOB, report))
        .extracting(TelemetryCheck.Problem::field)
        .containsExactly(field);
  }

  @Test
  void theEndsOfThePipelineHaveNoNeighbourBeyond() {
    TrainingTelemetry last =
        new TrainingTelemetry(
            "trn_1",
            Jobs.START,
            0,
            0,
            2,
            100,
            null,
            List.of(F, BW),
            List.of(new Messages(MessageKind.ACTIVATION, 3, 0, TWO)));
    assertThat(TelemetryCheck.problems(JOB, last))
        .extracting(TelemetryCheck.Problem::field)
        .containsExactly("messages[0].toStage");
  }

  @Test
  void allThatIsWrongIsNamed() {
    List<Messages> messages = new ArrayList<>(List.of(ON, ON));
    TrainingTelemetry report =
        new TrainingTelemetry("trn_1", Jobs.START, 5000, 7, 1, 1, 1 / 0., List.of(F), messages);
    assertThat(TelemetryCheck.problems(JOB, report))
        .extracting(TelemetryCheck.Problem::field)
        .containsExactly(
            "replica",
            "iteration",
            "loss",
            "operations",
            "iterationMillis",
            "messages[0].toReplica",
            "messages[1].kind",
            "messages[1].toReplica");
  }
}
