package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.util.List;

/**
 * What Fresco's own runtime trains, and how.
 *
 * @param data id of the data, as {@code /v1/training-data} gave it
 * @param sizes of a model that is trained from nothing; null for a LoRA
 * @param lora of a LoRA; null for a model that is trained from nothing
 * @param optimizer how weights follow their gradients
 * @param rows sequences or pictures of a microbatch, 1 or more
 * @param seed of the first weights and of the order of the data
 * @param checkpointEvery iterations, 1 or more
 * @param slowLinks that are to look slow, for experiments
 * @param publish where what was trained goes, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSetup(
    String data,
    ModelSizes sizes,
    Lora lora,
    Optimizer optimizer,
    int rows,
    long seed,
    int checkpointEvery,
    List<SlowLink> slowLinks,
    Publish publish) {
  public TrainingSetup {
    Require.text("data", data);
    Require.present("optimizer", optimizer);
    Require.atLeast("rows", rows, 1);
    Require.atLeast("checkpointEvery", checkpointEvery, 1);
    slowLinks = slowLinks == null ? List.of() : List.copyOf(slowLinks);
  }

  /**
   * The sizes of a transformer.
   *
   * @param channels width of a token's state
   * @param heads of attention
   * @param hidden width of the feed-forward network's middle
   * @param layers blocks
   * @param positions of a language model, the longest sequence in tokens; null for others
   * @param latents of a diffusion transformer; null for others
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ModelSizes(
      int channels, int heads, int hidden, int layers, Integer positions, Latents latents) {}

  /**
   * Pictures as a diffusion transformer sees them.
   *
   * @param height in latent places
   * @param width in latent places
   * @param patch latent places on each axis of a patch
   * @param labels different labels
   */
  public record Latents(int channels, int height, int width, int patch, int labels) {}

  /**
   * A LoRA and what it is trained on.
   *
   * @param width of the pictures in training
   * @param height of the pictures in training
   * @param sample prompt of a picture that shows the result, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Lora(int rank, double alpha, int width, int height, String sample) {}

  /**
   * AdamW.
   *
   * @param gradientLimit of the norm of the mean gradient, or null for no clipping
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Optimizer(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      Double gradientLimit) {}

  /**
   * Messages between two hosts are late by so much, in both directions.
   *
   * @param host at first, stage s of replica r of a pipeline of S stages is on host r S + s
   * @param fromIteration the first one that is slow
   * @param toIteration the first one that is not slow any more, or null for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SlowLink(
      int host, int otherHost, double delayMillis, long fromIteration, Long toIteration) {}

  /**
   * One of them.
   *
   * @param adapter name of a LoRA in lora-service, or null
   * @param model name of a pipeline's model among the trained ones, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Publish(String adapter, String model) {}
}
