package dev.fresco.trainer.process;

import dev.fresco.trainer.stage.StagePlace;

/** The first lines of a control connection. */
final class Greeting {
  /** Environment variable of a stage's process with the secret that it shows. */
  static final String TOKEN = "FRESCO_STAGE_TOKEN";

  private Greeting() {}

  /** From the process. */
  record Hello(String token) {
    @Override
    public String toString() {
      return "Hello";
    }
  }

  /** From the coordinator, to a process that showed the right token. */
  record Welcome(int attempt, StagePlace place) {}
}
