package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * What a training iteration of a pipeline has to do, and with what.
 *
 * @param microbatches of an iteration, at least 1
 * @param stages in the order of the forward pass, at least 1
 * @param links each from the stage of its index to the next; one fewer than stages
 */
public record PipelineShape(int microbatches, List<StageCost> stages, List<Link> links) {
  public PipelineShape {
    Require.atLeast("microbatches", microbatches, 1);
    stages = List.copyOf(stages);
    links = List.copyOf(links);
    Require.atLeast("the number of stages", stages.size(), 1);
    if (links.size() != stages.size() - 1) {
      throw new IllegalArgumentException(
          "there are " + links.size() + " links between " + stages.size() + " stages");
    }
  }

  /** Equal stages, healthy links. */
  public static PipelineShape uniform(int stages, int microbatches, StageCost stage) {
    Require.atLeast("the number of stages", stages, 1);
    return new PipelineShape(
        microbatches,
        Collections.nCopies(stages, stage),
        Collections.nCopies(stages - 1, Link.HEALTHY));
  }

  public PipelineShape withLink(int index, Link link) {
    List<Link> changed = new ArrayList<>(links);
    changed.set(index, link);
    return new PipelineShape(microbatches, stages, changed);
  }

  /** With every link of the given sort, its delay kept. */
  public PipelineShape withLinks(DoubleFunction<Link> sort) {
    return new PipelineShape(
        microbatches, stages, links.stream().map(link -> sort.apply(link.delay())).toList());
  }

  /** With the same limit on every stage, in activations. */
  public PipelineShape withMemoryLimit(double activations) {
    return new PipelineShape(
        microbatches,
        stages.stream().map(stage -> stage.withMemoryLimit(activations)).toList(),
        links);
  }

  /**
   * A time that no schedule of one chunk a stage undercuts, whatever its memory: for some stage,
   * the way of the first activation there, all that it computes, and the way of its last gradient
   * back to the first stage unless weight gradients are left for that while.
   */
  public double leastMakespan() {
    double there = 0;
    double back = stages.get(0).weightGradient();
    double least = 0;
    for (int i = 0; i < stages.size(); i++) {
      StageCost stage = stages.get(i);
      double backLast = i == 0 ? 0 : back;
      double withoutWeights = microbatches * (stage.forward() + stage.inputGradient());
      double weights = microbatches * stage.weightGradient();
      least = Math.max(least, there + withoutWeights + Math.max(weights, backLast));
      if (i < links.size()) {
        there += stage.forward() + links.get(i).delay();
        back += stage.inputGradient() + links.get(i).delay();
      }
    }
    return least;
  }

  /** The one that messages between two pieces take; a healthy one for the way back of a loop. */
  Link linkBetween(ModelChunks chunks, int from, int to) {
    int sender = chunks.stageOf(from);
    int receiver = chunks.stageOf(to);
    boolean wayBack =
        chunks.layout() == ModelChunks.Layout.LOOP
            && from / chunks.stages() != to / chunks.stages();
    return sender == receiver || wayBack ? Link.HEALTHY : links.get(Math.min(sender, receiver));
  }
}
