package dev.fresco.benchmarks.serving;

import dev.fresco.benchmarks.TemporaryFolder;
import dev.fresco.benchmarks.peer.DiffusersParts;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.serving.ServingTable.Row;
import dev.fresco.engine.kernel.ComputeType;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The same edits through one server after the other: as they come, at a rate that keeps diffusers
 * just busy, and then all at once.
 *
 * @param model folder of the checkpoint that all of them serve
 * @param progress is told what takes long
 */
record ServingBenchmark(ServingOptions options, Path model, Consumer<String> progress) {
  /** Edits by which diffusers' own rate is found, after one that does not count. */
  private static final int PROBES = 3;

  List<Row> run() throws IOException, InterruptedException {
    EditWorkload workload = options.workload();
    List<Row> rows = new ArrayList<>();
    Optional<Row> theirs = Optional.empty();
    double rate;
    if (options.rate.isPresent()) {
      rate = options.rate.get();
    } else {
      try (DiffusersServer server = diffusers(workload)) {
        server.prepare(workload.pictures());
        rate = options.load * sequentialRate(server, workload);
        progress.accept(
            "diffusers paints so much that edits come every %.2f s".formatted(1 / rate));
        theirs = Optional.of(row(server.versions(), server, workload, rate));
      }
    }
    for (FrescoServer.Way way : options.ways) {
      rows.add(fresco(way, workload, rate));
    }
    theirs.ifPresent(rows::add);
    return rows;
  }

  private static double sequentialRate(EditServer server, EditWorkload workload)
      throws IOException, InterruptedException {
    List<Edit> edits = workload.draw(1 + PROBES, Double.POSITIVE_INFINITY);
    server.edit(edits.get(0));
    long start = System.nanoTime();
    for (Edit edit : edits.subList(1, edits.size())) {
      server.edit(edit);
    }
    return PROBES / (1e-9 * (System.nanoTime() - start));
  }

  private DiffusersServer diffusers(EditWorkload workload)
      throws IOException, InterruptedException {
    DiffusersParts parts = options.peer;
    List<ComputeType> formats = MachineRates.formats();
    progress.accept("starting diffusers");
    return DiffusersServer.start(
        new DiffusersServer.Launch(
            parts.interpreter(new PrintWriter(System.err, true)),
            parts.script("server.py"),
            parts.log("diffusers-server"),
            formats.get(formats.size() - 1),
            Runtime.getRuntime().availableProcessors(),
            options.peerBatch),
        model,
        workload);
  }

  private Row fresco(FrescoServer.Way way, EditWorkload workload, double rate)
      throws IOException, InterruptedException {
    progress.accept("starting " + way.words());
    Path script = options.peer.home().resolve("fresco").toAbsolutePath();
    try (TemporaryFolder data = TemporaryFolder.create("fresco-serving-");
        FrescoServer server =
            FrescoServer.start(
                new FrescoServer.Launch(script, data.path(), model, port(), options.slots),
                way,
                workload)) {
      server.prepare(workload.pictures());
      return row(way.words(), server, workload, rate);
    }
  }

  private Row row(String name, EditServer server, EditWorkload workload, double rate)
      throws IOException, InterruptedException {
    progress.accept("%s: edits as they come".formatted(name));
    LoadRun coming = LoadRun.of(server, workload.draw(options.warmUp + options.requests, rate));
    progress.accept("%s: edits all at once".formatted(name));
    LoadRun atOnce = LoadRun.of(server, workload.draw(options.requests, Double.POSITIVE_INFINITY));
    Row row = new Row(name, coming.latencies(options.warmUp), atOnce.perSecond());
    progress.accept(
        "%s: %.2f s on average, %.2f a minute all at once"
            .formatted(name, row.latencies().mean(), 60 * row.perSecond()));
    return row;
  }

  private static int port() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
