package dev.fresco.standalone.demo;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A line of the terminal that shows how far a job is. */
final class JobBar implements AutoCloseable {
  private final ProgressBar bar;

  JobBar(DemoJob job) {
    bar =
        new ProgressBarBuilder()
            .setTaskName("%-36s".formatted(job.prompt()))
            .setInitialMax(job.steps())
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(100)
            .build();
  }

  void stepsDone(int steps) {
    bar.stepTo(steps);
  }

  @Override
  public void close() {
    bar.close();
  }
}
