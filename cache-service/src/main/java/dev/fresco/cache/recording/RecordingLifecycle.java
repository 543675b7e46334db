package dev.fresco.cache.recording;

import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingFolder;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Opens the folder at the start, when the templates are known and before the web server takes
 * calls; then tells other nodes again and again what is here.
 */
public final class RecordingLifecycle implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(RecordingLifecycle.class);

  /** After the catalogue of templates. */
  private static final int PHASE = 200;

  private final Recordings recordings;
  private final RecordingFolder<RecordingFile> folder;
  private final Predicate<String> templates;
  private final RecordingSettings settings;
  private ScheduledExecutorService heartbeat;

  RecordingLifecycle(
      Recordings recordings,
      RecordingFolder<RecordingFile> folder,
      Predicate<String> templates,
      RecordingSettings settings) {
    this.recordings = recordings;
    this.folder = folder;
    this.templates = templates;
    this.settings = settings;
  }

  @Override
  public void start() {
    folder.open(recordings);
    // Their template was deleted while this node was down.
    folder.held().stream()
        .filter(held -> !templates.test(held.recording().key().templateSha256()))
        .forEach(
            held -> recordings.removeEverywhere(held.id(), TemplateEvent.Reason.TEMPLATE_DELETED));
    log.info("{} recordings, {} bytes", folder.held().size(), folder.bytes());
    heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "recordings-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    heartbeat.scheduleWithFixedDelay(
        this::beat, 0, settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void beat() {
    try {
      recordings.announce();
    } catch (RuntimeException e) {
      log.warn("this node's recordings are not announced; trying again", e);
    }
  }

  @Override
  public void stop() {
    heartbeat.shutdownNow();
    heartbeat = null;
    folder.close();
  }

  @Override
  public boolean isRunning() {
    return heartbeat != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
