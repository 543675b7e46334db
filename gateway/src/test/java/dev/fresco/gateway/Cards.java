package dev.fresco.gateway;

import dev.fresco.contracts.worker.ModelCard;
import java.util.List;

/** Models that workers of the tests serve. */
final class Cards {
  static final ModelCard EMOJI =
      new ModelCard(
          "emoji",
          "stable-diffusion",
          "0123abcd",
          32,
          64,
          512,
          128,
          128,
          32,
          List.of("ddim", "euler"),
          "ddim",
          20,
          200,
          5.0,
          20.0);

  private Cards() {}
}
