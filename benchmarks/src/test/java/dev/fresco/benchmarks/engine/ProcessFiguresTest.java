package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFiguresTest {
  @TempDir Path folder;

  @Test
  void readsWhatLinuxTells() throws IOException {
    Files.writeString(
        folder.resolve("status"),
        "Name:\tx\nVmHWM:\t  204800 kB\nRssAnon:\t 1024 kB\nRssFile:\t  2048 kB\n");
    Files.writeString(
        folder.resolve("stat"), "7 (a b) c) S 1 7 7 0 -1 4194560 1200 99 30 98 11 12 13 14\n");
    ProcessFigures figures = new ProcessFigures(folder);

    assertThat(figures.peakMemory()).contains(200L);
    assertThat(figures.ownMemory()).contains(1L);
    assertThat(figures.mappedMemory()).contains(2L);
    assertThat(figures.pageFaults()).contains(1230L);
  }

  @Test
  void elsewhereNothingIsKnown() {
    ProcessFigures figures = new ProcessFigures(folder.resolve("none"));

    figures.forgetPeak();

    assertThat(figures.peakMemory()).isEmpty();
    assertThat(figures.pageFaults()).isEmpty();
  }
}
