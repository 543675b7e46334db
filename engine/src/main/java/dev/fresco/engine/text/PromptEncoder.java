package dev.fresco.engine.text;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.Prompt;
import java.util.List;

/** From a prompt to what a family's network attends to. Threads may share it. */
public interface PromptEncoder {

  /**
   * Tokenises and encodes.
   *
   * @param adapters that change the text encoders, in any order
   * @throws dev.fresco.engine.EngineException if the family cannot do what the prompt asks for, or
   *     an adapter does not fit an encoder
   */
  Conditioning encode(Prompt prompt, List<TextAdapter> adapters);
}
