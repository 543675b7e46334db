package dev.fresco.standalone;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the house until it is told to stop. */
@Command(
    name = "up",
    description = "Starts everything and keeps it running.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private HouseOptions options;

  @Option(names = "--port", description = "Port (default: ${DEFAULT-VALUE})", defaultValue = "8080")
  private int port;

  @Option(
      names = "--data",
      description = "Folder that survives restarts (default: .fresco beside the script)",
      defaultValue = "${env:FRESCO_HOME:-.}/.fresco")
  private Path data;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    House house =
        House.start(
            options.settings(data, port),
            part -> {
              out.println("starting " + part);
              out.flush();
            });
    out.printf("%nFresco is up after %d s.%n", (System.nanoTime() - start) / 1_000_000_000);
    out.println("  Studio    " + house.url(House.Service.GATEWAY));
    out.println("  API       " + house.url(House.Service.GATEWAY) + "/swagger-ui.html");
    for (House.Service service : House.Service.values()) {
      out.printf("  %-17s %s/actuator/health%n", service, house.url(service));
    }
    out.println("It listens on this machine only (127.0.0.1), and asks for no key.");
    out.println("Data: " + data.toAbsolutePath().normalize() + "   Log: " + LogFile.path());
    out.println("Stop it with Ctrl-C.");
    out.flush();
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  house.close();
                  stopped.countDown();
                }));
    stopped.await();
    return 0;
  }
}
