package dev.fresco.worker.finish;

import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.ShownRequest;
import dev.fresco.engine.Picture;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import java.io.IOException;
import java.util.Map;

/**
 * Pictures in the object store, under their job's id, so that a job that runs again replaces them.
 */
public final class ResultStore {
  private static final String PNG = "image/png";

  /** What stands in a picture's text chunk. */
  private record PaintedWith(String jobId, int image, long seed, ShownRequest request) {}

  private final ObjectStore objects;
  private final EventCodec codec;

  public ResultStore(ObjectStore objects, EventCodec codec) {
    this.objects = objects;
    this.codec = codec;
  }

  /** Stores a finished picture; its settings go into the text chunk {@code fresco}. */
  ImageResult store(MemberId member, Picture picture, JobRequest request, long seed)
      throws IOException {
    PaintedWith settings =
        new PaintedWith(member.jobId(), member.image(), seed, ShownRequest.of(request));
    byte[] png = PngEncoder.encode(picture, Map.of("fresco", codec.write(settings)));
    String key = "results/" + member.jobId() + "/" + member.image() + ".png";
    objects.put(key, png);
    return new ImageResult(
        member.image(), seed, picture.width(), picture.height(), PNG, Sha256.of(png), key);
  }

  /** Stores a preview, over an earlier one of the same picture. */
  public String storePreview(MemberId member, Picture picture) throws IOException {
    String key = "previews/" + member.jobId() + "/" + member.image() + ".png";
    objects.put(key, PngEncoder.encode(picture, Map.of()));
    return key;
  }
}
