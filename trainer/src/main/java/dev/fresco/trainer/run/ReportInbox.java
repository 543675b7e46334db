package dev.fresco.trainer.run;

import dev.fresco.trainer.stage.StageAnswer;
import dev.fresco.trainer.stage.StagePlace;
import dev.fresco.trainer.stage.StageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Where all stages' reports come in.
 *
 * <p>Goal: an answer counts once, and only for what was asked; a stage that says nothing is as lost
 * as one that fails.
 */
final class ReportInbox {
  private final BlockingQueue<StageReport> reports = new LinkedBlockingQueue<>();
  private final BiConsumer<StageReport, String> dropped;

  /**
   * @param dropped is told of reports that were not waited for, and why
   */
  ReportInbox(BiConsumer<StageReport, String> dropped) {
    this.dropped = dropped;
  }

  /** May be called from any thread. */
  void put(StageReport report) {
    reports.add(report);
  }

  /** One answer of each place, in their order. */
  <A extends StageAnswer> Map<StagePlace, A> await(Question<A> question, List<StagePlace> places)
      throws StageLostException, InterruptedException {
    Map<StagePlace, A> answers = new TreeMap<>();
    long end = System.nanoTime() + question.limit().toNanos();
    while (answers.size() < places.size()) {
      StageReport report = reports.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (report == null) {
        throw new StageLostException(silence(question, places, answers));
      }
      take(report, question, places, answers);
    }
    return answers;
  }

  /**
   * What is waited for.
   *
   * @param attempt of the run
   * @param fits whether an answer of the kind is about what was asked
   */
  record Question<A extends StageAnswer>(
      int attempt, Class<A> kind, Predicate<A> fits, Duration limit) {}

  private <A extends StageAnswer> void take(
      StageReport report, Question<A> question, List<StagePlace> places, Map<StagePlace, A> answers)
      throws StageLostException {
    if (report.attempt() != question.attempt()) {
      dropped.accept(report, "it is of another attempt");
    } else if (report.answer() instanceof StageAnswer.Failed failed) {
      throw new StageLostException(report.place() + " has failed: " + failed.reason());
    } else if (!places.contains(report.place())) {
      dropped.accept(report, "there is no such stage");
    } else if (!question.kind().isInstance(report.answer())
        || !question.fits().test(question.kind().cast(report.answer()))) {
      dropped.accept(report, "it is late: " + question.kind().getSimpleName() + " is waited for");
    } else if (answers.containsKey(report.place())) {
      dropped.accept(report, "it came before");
    } else {
      answers.put(report.place(), question.kind().cast(report.answer()));
    }
  }

  private static String silence(
      Question<?> question, List<StagePlace> places, Map<StagePlace, ?> answers) {
    List<StagePlace> silent = new ArrayList<>(places);
    silent.removeAll(answers.keySet());
    return "no %s within %d ms (the limit for answers) from %s"
        .formatted(question.kind().getSimpleName(), question.limit().toMillis(), silent);
  }
}
