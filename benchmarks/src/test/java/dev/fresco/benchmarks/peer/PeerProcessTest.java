package dev.fresco.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peer's own script in a real process; what needs no diffusers. */
class PeerProcessTest {
  private static final Path SCRIPT = Path.of("peers/diffusers/peer.py");

  @TempDir Path folder;

  @Test
  void theScriptAnswersFailuresAndGoesOn() {
    try (PeerProcess peer = start(SCRIPT)) {
      assertThatThrownBy(() -> peer.ask("steps", Map.of("count", 1)))
          .isInstanceOf(PeerException.class)
          .hasMessageContaining("the peer failed: AttributeError");
      assertThatThrownBy(() -> peer.ask("dance", Map.of()))
          .hasMessageContaining("the peer failed: KeyError: 'dance'");
      assertThat(ProcessHandle.of(peer.id())).get().matches(ProcessHandle::isAlive);
    }
  }

  @Test
  void itEndsWithItsInput() {
    PeerProcess peer = start(SCRIPT);
    ProcessHandle process = ProcessHandle.of(peer.id()).orElseThrow();

    peer.close();

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aScriptThatDiesIsQuoted() throws IOException {
    Path dies = Files.writeString(folder.resolve("dies.py"), "raise SystemExit('no more')\n");
    try (PeerProcess peer = start(dies)) {
      assertThatThrownBy(() -> peer.ask("load", Map.of()))
          .isInstanceOf(PeerException.class)
          .hasMessageContainingAll("exit code 1", "peer.log", "no more");
    }
  }

  @Test
  void settingsAreLeftOutOnRequest() throws IOException {
    Path tells =
        Files.writeString(
            folder.resolve("tells.py"),
            """
            import json, os
            input()
            print(json.dumps({"ok": True, "path": os.environ.get("PATH", "none")}))
            """);
    try (PeerProcess with = start(tells);
        PeerProcess without =
            PeerProcess.start(List.of(python(), tells.toString()), List.of("PATH"), log())) {
      assertThat(with.ask("load", Map.of()).text("path")).isNotEqualTo("none");
      assertThat(without.ask("load", Map.of()).text("path")).isEqualTo("none");
    }
  }

  @Test
  void anEnvironmentIsMadeOnce() throws IOException {
    Path requirements = Files.writeString(folder.resolve("requirements.txt"), "# none\n");
    PeerEnvironment environment = new PeerEnvironment(folder.resolve("made"), requirements);
    StringWriter progress = new StringWriter();

    Path interpreter = environment.interpreter(python(), new PrintWriter(progress));

    assertThat(interpreter).isExecutable();
    assertThat(progress.toString()).contains("making the peer's Python environment");
    assertThat(environment.interpreter("no-such-python", new PrintWriter(progress)))
        .as("nothing is started for an environment that is complete")
        .isEqualTo(interpreter);
  }

  @Test
  void withoutPythonItSaysWhatToDo() throws IOException {
    Path requirements = Files.writeString(folder.resolve("requirements.txt"), "# none\n");
    PeerEnvironment environment = new PeerEnvironment(folder.resolve("made"), requirements);
    PrintWriter progress = new PrintWriter(new StringWriter());

    assertThatThrownBy(() -> environment.interpreter("no-such-python", progress))
        .isInstanceOf(PeerException.class)
        .hasMessageContainingAll("needs Python 3 with venv", "no-such-python", "--peer-python");
    assertThatThrownBy(() -> PeerProcess.start(List.of("no-such-python", "x"), List.of(), log()))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("does not start");
  }

  private PeerProcess start(Path script) {
    return PeerProcess.start(List.of(python(), script.toString()), List.of(), log());
  }

  private Path log() {
    return folder.resolve("peer.log");
  }

  /** The interpreter itself, not a script on the PATH that looks for it. */
  private static String python() {
    try {
      Process tells =
          new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
      try (BufferedReader words = tells.inputReader()) {
        return words.readLine();
      }
    } catch (IOException e) {
      return Assumptions.abort("no python3, so no peer can be tried: " + e.getMessage());
    }
  }
}
