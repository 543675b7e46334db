package dev.fresco.worker.loop;

import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.batching.StepOutcome;
import dev.fresco.planning.batching.StepPlan;
import dev.fresco.worker.job.JobRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Carries out a plan on the engine. If a step fails, its members are tried one by one, so that only
 * those at fault fail. If it is memory that is short, they are tried by halves: so that as many as
 * fit still step together, and only what does not fit alone fails.
 */
final class BatchRunner {
  private final DenoisingBatch<MemberId> batch;

  BatchRunner(DenoisingBatch<MemberId> batch) {
    this.batch = batch;
  }

  StepOutcome run(StepPlan plan, Function<MemberId, JobRun> runs) {
    Map<MemberId, Exception> failed = new LinkedHashMap<>();
    Map<MemberId, Integer> totals = new LinkedHashMap<>();
    for (MemberId member : plan.joining()) {
      JobRun run = runs.apply(member);
      try {
        batch.join(member, run.picture(member.image()));
        totals.put(member, batch.stepsTotal(member));
      } catch (RuntimeException e) {
        failed.put(member, e);
      }
    }
    List<MemberId> able = new ArrayList<>(plan.stepping());
    able.removeAll(failed.keySet());
    List<MemberId> advanced = step(able, failed);
    failed.keySet().forEach(batch::leave);
    return new StepOutcome(advanced, failed, totals);
  }

  private List<MemberId> step(List<MemberId> members, Map<MemberId, Exception> failed) {
    if (members.isEmpty()) {
      return members;
    }
    try {
      batch.step(members);
      return members;
    } catch (RuntimeException together) {
      if (members.size() == 1) {
        failed.put(members.get(0), together);
        return List.of();
      }
      boolean memoryIsShort = together instanceof OutOfMemoryException;
      int part = memoryIsShort ? (members.size() + 1) / 2 : 1;
      List<MemberId> advanced = new ArrayList<>();
      for (int from = 0; from < members.size(); from += part) {
        int to = Math.min(from + part, members.size());
        advanced.addAll(step(members.subList(from, to), failed));
      }
      return advanced;
    }
  }
}
