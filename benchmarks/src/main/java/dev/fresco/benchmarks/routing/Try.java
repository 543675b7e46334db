package dev.fresco.benchmarks.routing;

import dev.fresco.planning.cost.StepCost;
import java.util.*;

public class Try {
  public static void main(String[] a) {
    String trace = a[0];
    int W = Integer.parseInt(a[1]);
    double T = Double.parseDouble(a[2]);
    double c0 = Double.parseDouble(a[3]),
        cm = Double.parseDouble(a[4]),
        cl = Double.parseDouble(a[5]);
    int per = Integer.parseInt(a[6]);
    for (int q = 7; q < a.length; q++) {
      double rate = Double.parseDouble(a[q]);
      for (Policy p : Policies.all()) {
        Workload w = new Workload(MaskRatios.named(trace), W, rate, per * W, 50);
        List<Latencies> ls = new ArrayList<>();
        double r2 = 0, us = 0;
        for (long seed = 1; seed <= 2; seed++) {
          Simulation s = new Simulation(p, W, 8, new StepCost(c0 * T, cm * T, cl * T), .05, seed);
          ls.add(Latencies.of(s.run(w.draw(seed)), 10));
          r2 = s.rSquared();
          us = s.choosingMicros();
        }
        Latencies l = Latencies.all(ls);
        System.out.printf(
            "%s W=%d rate %.2f %-18s mean %.2f p50 %.2f p95 %.2f  r2 %.3f %.0f us%n",
            trace, W, rate, p.name(), l.mean(), l.quantile(.5), l.quantile(.95), r2, us);
      }
    }
  }
}
