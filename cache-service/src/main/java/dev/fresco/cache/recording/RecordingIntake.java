package dev.fresco.cache.recording;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingDraft;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.recording.RecordingUnavailableException;
import dev.fresco.platform.web.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Takes recordings in. One is seen when it has been written whole, held to its checksums and
 * renamed; until then, and whatever goes wrong, nothing is.
 */
public final class RecordingIntake {
  private static final Logger log = LoggerFactory.getLogger(RecordingIntake.class);
  private static final int BUFFER_BYTES = 1 << 20;

  private final RecordingFolder<RecordingFile> folder;
  private final Predicate<String> templates;
  private final RecordingNews news;
  private final RecordingMeters meters;

  /**
   * @param templates whether there is a template whose picture has this SHA-256
   */
  RecordingIntake(
      RecordingFolder<RecordingFile> folder,
      Predicate<String> templates,
      RecordingNews news,
      RecordingMeters meters) {
    this.folder = folder;
    this.templates = templates;
    this.news = news;
    this.meters = meters;
  }

  /**
   * @param bytes of the whole file
   * @param templateId that the sender recorded, or null
   * @return false if it was there already; nothing was read then
   * @throws ProblemException saying why it is not taken
   */
  public boolean take(String id, long bytes, InputStream file, String templateId)
      throws IOException {
    if (!RecordingFolder.isId(id)) {
      throw ProblemException.notFound("recording", id);
    }
    if (folder.takeAgain(id).map(lease -> closed(lease)).orElse(false)) {
      meters.upload("known");
      return false;
    }
    try (RecordingDraft<RecordingFile> draft =
        folder
            .draft(id)
            .orElseThrow(
                () ->
                    ProblemException.of(
                        HttpStatus.CONFLICT,
                        ErrorCode.CONFLICT,
                        "recording " + id + " is being written, or is leaving"))) {
      draft.room(bytes);
      write(file, bytes, draft.part());
      RecordingKey key = checked(id, draft.part());
      Files.move(draft.part(), draft.file(), StandardCopyOption.ATOMIC_MOVE);
      forceFolder(draft.file());
      draft.keep();
      news.recorded(key, bytes, templateId);
      meters.upload("stored");
      return true;
    } catch (RecordingUnavailableException e) {
      meters.upload("no-room");
      throw ProblemException.of(
          HttpStatus.INSUFFICIENT_STORAGE, ErrorCode.STORAGE_FAILURE, e.getMessage());
    } catch (ProblemException e) {
      meters.upload("refused");
      throw e;
    } catch (IOException e) {
      meters.upload("failed");
      log.warn("recording {} was not written", id, e);
      throw ProblemException.of(
          HttpStatus.INSUFFICIENT_STORAGE,
          ErrorCode.STORAGE_FAILURE,
          "recording %s was not written: %s".formatted(id, e.getMessage()));
    }
  }

  private static boolean closed(AutoCloseable lease) {
    try {
      lease.close();
      return true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(InputStream file, long bytes, Path part) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long written = 0;
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
        written += read;
        if (written > bytes) {
          break;
        }
        ByteBuffer left = ByteBuffer.wrap(buffer, 0, read);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      if (written != bytes) {
        throw ProblemException.malformed(
            "the body has not the %d bytes that its length says".formatted(bytes), List.of());
      }
      channel.force(true);
    }
  }

  private RecordingKey checked(String id, Path part) {
    try (RecordingFile recording = RecordingFile.open(part)) {
      RecordingKey key = recording.key();
      if (!key.id().equals(id)) {
        throw damaged("it is recording " + key.id() + ", not " + id);
      }
      if (!templates.test(key.templateSha256())) {
        throw ProblemException.notFound("template of recording", id);
      }
      recording.verify();
      return key;
    } catch (EngineException e) {
      log.warn("recording {} is refused", id, e);
      meters.damaged();
      throw damaged("it is damaged: " + e.getMessage().replace(part.toString(), id));
    }
  }

  private static ProblemException damaged(String what) {
    return ProblemException.invalid(what, List.of());
  }

  /** Without this, a power failure may take back the new name. */
  private static void forceFolder(Path file) throws IOException {
    try (FileChannel opened = FileChannel.open(file.toAbsolutePath().getParent())) {
      opened.force(true);
    }
  }
}
