package dev.fresco.training.data;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.platform.catalogue.ContentId;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import dev.fresco.training.job.TrainingLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/**
 * Data for training, in the object store: the bytes, and beside them what is known of them. The
 * bytes are stored first, so whatever is known is there.
 */
@Component
public final class TrainingDataStore {
  private static final Pattern ID = Pattern.compile("data_[0-9a-f]{26}");

  private final ObjectStore objects;
  private final EventCodec codec;
  private final TrainingLimits limits;
  private final Clock clock;

  TrainingDataStore(ObjectStore objects, EventCodec codec, TrainingLimits limits, Clock clock) {
    this.objects = objects;
    this.codec = codec;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * @param created false if the tenant had uploaded the same bytes before
   */
  public record Registration(TrainingDataSet data, boolean created) {}

  /**
   * Registers data.
   *
   * @param mediaType says which format it is
   * @throws ProblemException 422 if it is not what it says
   */
  public Registration register(Tenant tenant, String mediaType, InputStream bytes)
      throws IOException {
    DataFormat format =
        DataFormat.of(mediaType)
            .orElseThrow(() -> new IllegalArgumentException("media type " + mediaType));
    Path draft = Files.createTempFile("fresco-data", null);
    try {
      Files.copy(bytes, draft, StandardCopyOption.REPLACE_EXISTING);
      check(format, draft);
      String sha256;
      try (InputStream input = Files.newInputStream(draft)) {
        sha256 = Sha256.of(input);
      }
      // The same bytes may be meant as another format.
      String id = ContentId.of("data", tenant, format + "/" + sha256);
      Optional<TrainingDataSet> known = find(tenant, id);
      if (known.isPresent()) {
        return new Registration(known.get(), false);
      }
      try (InputStream input = Files.newInputStream(draft)) {
        objects.put(key(id), input);
      }
      TrainingDataSet data =
          new TrainingDataSet(id, tenant.id(), format, Files.size(draft), sha256, clock.instant());
      objects.put(key(id) + ".json", codec.write(data).getBytes(StandardCharsets.UTF_8));
      return new Registration(data, true);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void check(DataFormat format, Path file) throws IOException {
    if (Files.size(file) < 2) {
      throw refused("has " + Files.size(file) + " bytes; the least is 2");
    }
    switch (format) {
      case TEXT -> {}
      case PICTURES -> new PictureZip(limits.maxDataBytes().toBytes()).check(file);
      case LATENTS -> checkLatents(file);
    }
  }

  private static void checkLatents(Path file) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      long[] shape = tensors.tensor("latents").shape();
      if (shape.length != 4) {
        throw refused(
            "latents have %d axes; they must be [pictures, channels, height, width]"
                .formatted(shape.length));
      }
    } catch (EngineException e) {
      // The message begins with a name that the caller does not know.
      throw refused(
          "is no safetensors file with latents: " + e.getMessage().replace(file + ": ", ""));
    }
  }

  private static ProblemException refused(String message) {
    return ProblemException.invalid(List.of(new FieldProblem("body", null, null, message)));
  }

  /** A tenant's data. */
  public Optional<TrainingDataSet> find(Tenant tenant, String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    return objects
        .get(key(id) + ".json")
        .map(json -> codec.read(new String(json, StandardCharsets.UTF_8), TrainingDataSet.class))
        .filter(data -> data.tenant().equals(tenant.id()));
  }

  /** Deletes a tenant's data; jobs that have started keep what they copied. */
  public void delete(TrainingDataSet data) throws IOException {
    objects.delete(key(data.id()) + ".json");
    objects.delete(key(data.id()));
  }

  /**
   * Copies data to where a job can read it: to a file, or pictures to a folder. What a copy that
   * was broken off left there is replaced.
   *
   * @throws EngineException if it is not there any more
   */
  public void copy(String id, Path target) throws IOException {
    TrainingDataSet data =
        objects
            .get(key(id) + ".json")
            .map(
                json -> codec.read(new String(json, StandardCharsets.UTF_8), TrainingDataSet.class))
            .orElseThrow(() -> new EngineException("there are no training data " + id));
    Resource bytes =
        objects
            .find(key(id))
            .orElseThrow(() -> new EngineException("there are no training data " + id));
    try (InputStream input = bytes.getInputStream()) {
      if (data.format() == DataFormat.PICTURES) {
        Files.createDirectories(target);
        new PictureZip(limits.maxDataBytes().toBytes()).unpack(input, target);
      } else {
        Files.createDirectories(target.getParent());
        Files.copy(input, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static String key(String id) {
    return "training-data/" + id;
  }
}
