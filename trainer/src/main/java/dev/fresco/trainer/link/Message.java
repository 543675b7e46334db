package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;
import dev.fresco.engine.HostTensor;

/** A tensor for another stage. */
public record Message(MessageKey key, HostTensor tensor) {
  public Message {
    Require.present("key", key);
    Require.present("tensor", tensor);
  }
}
