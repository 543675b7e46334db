package dev.fresco.lora.adapter;

import dev.fresco.contracts.adapter.Adapter;

/** Names of the catalogue's lists: one for each kind of adapter of each tenant. */
public final class AdapterShelf {
  private AdapterShelf() {}

  public static String of(String tenant, Adapter.Kind kind) {
    return tenant + "/" + kind.wireName();
  }
}
