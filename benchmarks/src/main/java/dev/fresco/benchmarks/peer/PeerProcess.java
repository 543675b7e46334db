package dev.fresco.benchmarks.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * A script that runs in another process and answers each line of JSON with a line of JSON. It ends
 * by itself when its input ends, so it does not outlive this process. Not thread-safe.
 */
final class PeerProcess implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SECONDS_TO_END = 10;
  private static final int LOG_LINES_SHOWN = 8;

  private final Process process;
  private final Thread endWithJava;
  private final Path log;
  private final Writer requests;
  private final BufferedReader replies;

  private PeerProcess(Process process, Path log) {
    this.process = process;
    this.endWithJava = new Thread(process::destroy, "end-peer");
    this.log = log;
    this.requests = process.outputWriter(UTF_8);
    this.replies = process.inputReader(UTF_8);
    // It would notice the end of its input only after what it is at, such as compiling for minutes.
    Runtime.getRuntime().addShutdownHook(endWithJava);
  }

  /**
   * Starts a script.
   *
   * @param command the interpreter and the script
   * @param unset variables of the environment that it does not inherit
   * @param log that takes its standard error, and is replaced
   * @throws PeerException if it does not start
   */
  static PeerProcess start(List<String> command, List<String> unset, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    unset.forEach(builder.environment()::remove);
    try {
      return new PeerProcess(builder.start(), log);
    } catch (IOException e) {
      throw new PeerException("the peer does not start: " + e.getMessage(), e);
    }
  }

  long id() {
    return process.pid();
  }

  /**
   * Asks and waits, however long it takes.
   *
   * @throws PeerException if the peer fails at it, or ends; then with the end of its log
   */
  PeerReply ask(String name, Map<String, ?> arguments) {
    Map<String, Object> request = new LinkedHashMap<>(arguments);
    request.put("command", name);
    String line;
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.write('\n');
      requests.flush();
      line = replies.readLine();
    } catch (IOException e) {
      throw ended(e);
    }
    if (line == null) {
      throw ended(null);
    }
    return PeerReply.parse(line);
  }

  private PeerException ended(IOException cause) {
    String end = stopped() ? "with exit code " + process.exitValue() : "without ending";
    return new PeerException("the peer stopped answering, " + end + logEnd(), cause);
  }

  private String logEnd() {
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
      return last.isEmpty() ? "" : "; " + log + " ends: " + String.join(" | ", last);
    } catch (IOException e) {
      return "; " + log + " cannot be read: " + e.getMessage();
    }
  }

  /** Waits for it a little. */
  private boolean stopped() {
    try {
      return process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends its input, and ends it by force if it goes on. */
  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      process.destroy(); // it no longer reads
    }
    if (!stopped()) {
      process.destroyForcibly();
    }
    Runtime.getRuntime().removeShutdownHook(endWithJava);
  }
}
