package dev.fresco.engine.kernel;

import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * A loaded TorchScript module. It holds no weights, so any number of networks and threads may share
 * it.
 */
public final class Kernel {
  private final String name;
  private final PtSymbolBlock module;
  private final KernelClock clock;

  Kernel(String name, PtSymbolBlock module, KernelClock clock) {
    this.name = name;
    this.module = module;
    this.clock = clock;
  }

  /** Starts a call of one of the module's methods; arguments follow in the method's order. */
  public KernelCall call(String method) {
    return new KernelCall(this, method);
  }

  String name() {
    return name;
  }

  PtSymbolBlock module() {
    return module;
  }

  KernelClock clock() {
    return clock;
  }
}
