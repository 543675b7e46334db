package dev.fresco.engine;

/**
 * An adapter in a request.
 *
 * @param scale of what the adapter adds to the weights; may be negative
 */
public record AdapterUse(Adapter adapter, double scale) {
  public AdapterUse {
    if (!Double.isFinite(scale)) {
      throw new EngineException("scale of " + adapter.name() + " is " + scale + "; not finite");
    }
  }
}
