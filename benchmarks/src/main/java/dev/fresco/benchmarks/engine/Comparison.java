package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.engine.SideBySide.Result;
import dev.fresco.benchmarks.peer.DiffusersPeer;
import dev.fresco.benchmarks.peer.PeerVariant;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.rates.RatesTable;
import dev.fresco.engine.kernel.ComputeType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fresco and its peer side by side, then the machine's rates.
 *
 * @param progress is told what takes long
 */
record Comparison(Subject subject, PeerOptions options, PrintWriter out, PrintWriter progress) {

  /**
   * Prints the table of all batches.
   *
   * @param shapes whether the rates are told for each shape
   */
  void print(List<Integer> batches, boolean shapes) throws IOException {
    Map<Integer, List<Result>> results = new LinkedHashMap<>();
    List<Contestant> contestants = new ArrayList<>(List.of(subject.fresco()));
    try {
      for (PeerVariant variant : options.variants()) {
        contestants.add(peer(variant));
      }
      for (int batch : batches) {
        say("steps of batch " + batch);
        results.put(batch, new SideBySide(contestants, subject.workload(), this::say).run(batch));
      }
    } finally {
      contestants.forEach(Contestant::close);
    }
    ComparisonTable table = new ComparisonTable();
    for (int batch : batches) {
      say("the machine's rates for batch " + batch);
      MachineRates rates = subject.rates(batch);
      print(rates, batch, shapes);
      table.add(batch, results.get(batch), rates);
    }
    table.lines().forEach(out::println);
    out.flush();
  }

  private Contestant peer(PeerVariant variant) throws IOException {
    say("starting " + variant.label());
    DiffusersPeer peer = options.start(variant, subject.folder(), progress);
    DiffusersPeer.Loaded loaded = peer.loaded();
    out.printf(
        "%s: diffusers %s, torch %s, UNet loaded in %.1f s%n",
        variant.label(), loaded.diffusers(), loaded.torch(), loaded.seconds());
    return new PeerContestant(
        peer, variant, subject.workload(), subject.prompt(), subject.latents());
  }

  private void print(MachineRates rates, int batch, boolean shapes) {
    out.printf("%nThe products of a step of batch %d, each in the best way, alone:%n", batch);
    RatesTable words = new RatesTable(rates);
    words.byKind().forEach(out::println);
    if (shapes) {
      out.println();
      words.byShape().forEach(out::println);
    }
    out.printf(
        "each in the faster format: %s%n%n",
        Words.milliseconds(rates.limitMilliseconds(ComputeType.BF16)));
  }

  private void say(String what) {
    progress.println("fresco: " + what);
    progress.flush();
  }
}
