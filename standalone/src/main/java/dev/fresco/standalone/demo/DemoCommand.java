package dev.fresco.standalone.demo;

import dev.fresco.embedded.FreePort;
import dev.fresco.standalone.House;
import dev.fresco.standalone.HouseOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** The main job from end to end: several prompts at once, their progress, their pictures. */
@Command(
    name = "demo",
    description = "Starts everything, paints several prompts at once, and stops.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private static final long LONGEST_MINUTES = 15;

  @Spec private CommandSpec spec;
  @Mixin private HouseOptions options;

  @Option(
      names = "--out",
      description = "Folder for the pictures (default: .fresco/demo/pictures beside the script)",
      defaultValue = "${env:FRESCO_HOME:-.}/.fresco/demo/pictures")
  private Path folder;

  @Option(
      names = "--data",
      description = "Folder for everything else (default: .fresco/demo beside the script)",
      defaultValue = "${env:FRESCO_HOME:-.}/.fresco/demo")
  private Path data;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (House house =
        House.start(
            options.settings(data, FreePort.find()),
            part -> {
              out.println("starting " + part);
              out.flush();
            })) {
      JobClient client = new JobClient(house.url(House.Service.GATEWAY));
      out.printf("%nPainting %d prompts in one batch:%n", DemoJob.ALL.size());
      out.flush();
      List<JsonNode> views = paint(client);
      return report(client, views, out);
    }
  }

  private static List<JsonNode> paint(JobClient client) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(DemoJob.ALL.size());
    // A line each, in their order: so all are there before the first one moves.
    List<JobBar> bars = DemoJob.ALL.stream().map(JobBar::new).toList();
    try {
      List<Future<JsonNode>> followed = new ArrayList<>();
      for (int i = 0; i < bars.size(); i++) {
        DemoJob job = DemoJob.ALL.get(i);
        JobBar bar = bars.get(i);
        followed.add(threads.submit(() -> client.follow(client.submit(job), bar::stepsDone)));
      }
      List<JsonNode> views = new ArrayList<>();
      for (Future<JsonNode> view : followed) {
        views.add(view.get(LONGEST_MINUTES, TimeUnit.MINUTES));
      }
      return views;
    } finally {
      bars.forEach(JobBar::close);
      threads.shutdownNow();
    }
  }

  private int report(JobClient client, List<JsonNode> views, PrintWriter out) throws Exception {
    Files.createDirectories(folder);
    List<ContactSheet.Entry> entries = new ArrayList<>();
    int failed = 0;
    out.printf("%n%-38s %-10s %6s %8s %7s%n", "prompt", "state", "steps", "time ms", "batch");
    for (int i = 0; i < views.size(); i++) {
      DemoJob job = DemoJob.ALL.get(i);
      JsonNode view = views.get(i);
      String state = view.get("state").stringValue();
      if (state.equals("SUCCEEDED")) {
        entries.add(new ContactSheet.Entry(save(client.picture(view), i, job), job.prompt()));
        out.printf(
            "%-38s %-10s %6d %8d %7.1f%n",
            job.prompt(),
            state,
            job.steps(),
            view.get("timings").get("denoised").longValue(),
            view.get("execution").get("meanBatchSize").doubleValue());
      } else {
        failed++;
        out.printf("%-38s %-10s %s%n", job.prompt(), state, view.get("error"));
      }
    }
    if (!entries.isEmpty()) {
      Path sheet = folder.resolve("contact-sheet.png");
      ImageIO.write(ContactSheet.of(entries), "png", sheet.toFile());
    }
    out.println("\nPictures and a contact sheet are in " + folder.toAbsolutePath().normalize());
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private BufferedImage save(byte[] png, int index, DemoJob job) throws IOException {
    String name = "%02d-%s.png".formatted(index + 1, job.prompt().replace(' ', '-'));
    Files.write(folder.resolve(name), png);
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
