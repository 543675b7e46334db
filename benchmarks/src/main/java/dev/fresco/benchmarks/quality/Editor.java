package dev.fresco.benchmarks.quality;

import dev.fresco.benchmarks.mask.PixelMask;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRegion;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Region;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.recording.MemoryRecording;
import dev.fresco.engine.recording.Recording;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Does one edit in every way.
 *
 * @param steps of edits in full
 */
record Editor(LocalModel model, int size, int steps) {
  private static final String MEMBER = "edit";
  private static final long NOISE_SEED = 77;

  /**
   * What came of one way.
   *
   * @param cost share of the work of the edit in full: of places, or of steps
   */
  record Made(Picture picture, double cost) {}

  /** What came of all. */
  record Result(Picture template, Picture full, Map<EditWay, Made> made) {}

  Result run(EditCase edit) throws IOException {
    Picture template = painted(edit);
    StartLatents start = start(template);
    HostTensor places = edit.mask().places(factor(start));
    Picture full = pasted(edit, template, dense(edit, template, edit.mask(), steps));
    Map<EditWay, Made> made = new EnumMap<>(EditWay.class);
    double share = share(places, KeptPart.USUAL_MARGIN);
    Recording recording = recorded(start, edit.prompt());
    made.put(EditWay.MASKED, masked(edit, template, start, recording, share));
    try (Int8Copy half = Int8Copy.of(recording)) {
      made.put(EditWay.MASKED_INT8, masked(edit, template, start, half.recording(), share));
    }
    made.put(EditWay.MASKED_WORDLESS, masked(edit, template, start, recorded(start, ""), share));
    made.put(EditWay.CROP, cropped(edit, template));
    int fewer = (int) Math.max(1, Math.round(steps * share));
    made.put(
        EditWay.FEWER_STEPS,
        new Made(
            pasted(edit, template, dense(edit, template, edit.mask(), fewer)),
            fewer / (double) steps));
    return new Result(template, full, made);
  }

  private Picture painted(EditCase edit) {
    PictureSettings settings = settings(size, size, steps, edit.templateSeed());
    return run(PictureRequest.of(settings, conditioning(edit.templatePrompt())));
  }

  private Picture dense(EditCase edit, Picture picture, PixelMask mask, int count) {
    StartLatents start = start(picture);
    KeptPart part = new KeptPart(mask.places(factor(start, picture)), NOISE_SEED, null);
    return edited(edit, start.keeping(part), picture.width(), picture.height(), count);
  }

  private Picture edited(EditCase edit, StartLatents start, int width, int height, int count) {
    return run(
        new PictureRequest(
            settings(width, height, count, edit.seed()),
            conditioning(edit.prompt()),
            start,
            List.of(),
            List.of()));
  }

  private Made masked(
      EditCase edit, Picture template, StartLatents start, Recording recording, double cost) {
    HostTensor places = edit.mask().places(factor(start));
    KeptPart part = new KeptPart(places, NOISE_SEED, recording);
    Picture made = edited(edit, start.keeping(part), size, size, steps);
    return new Made(pasted(edit, template, made), cost);
  }

  private Recording recorded(StartLatents start, String words) {
    MemoryRecording recording = new MemoryRecording();
    long[] shape = start.mean().shape();
    float[] nothing = new float[(int) (shape[1] * shape[2])];
    KeptPart all = new KeptPart(HostTensor.of(nothing, shape[1], shape[2]), NOISE_SEED, null);
    advance(
        new PictureRequest(
            settings(size, size, steps, NOISE_SEED),
            conditioning(words),
            start.keeping(all),
            recording,
            List.of(),
            List.of()));
    return recording;
  }

  private Made cropped(EditCase edit, Picture template) {
    Region region = crop(edit.mask().region(), model.card().sizeMultiple(), size);
    Picture part = PictureRegion.of(template, region).picture();
    Picture painted = dense(edit, part, edit.mask().cut(region), steps);
    Picture placed = new PictureRegion(region, painted).on(template);
    return new Made(
        pasted(edit, template, placed), region.height() * region.width() / (double) (size * size));
  }

  /** The smallest rectangle of sides that the model takes which has the other in its middle. */
  static Region crop(Region wanted, int multiple, int size) {
    int height = (wanted.height() + multiple - 1) / multiple * multiple;
    int width = (wanted.width() + multiple - 1) / multiple * multiple;
    int top = wanted.top() - (height - wanted.height()) / 2;
    int left = wanted.left() - (width - wanted.width()) / 2;
    return new Region(
        Math.max(0, Math.min(size - height, top)),
        Math.max(0, Math.min(size - width, left)),
        height,
        width);
  }

  private static Picture pasted(EditCase edit, Picture template, Picture made) {
    return edit.mask().paste(made, template);
  }

  /** Of the places that are computed with a recording. */
  private static double share(HostTensor places, int margin) {
    int height = (int) places.shape()[0];
    int width = (int) places.shape()[1];
    boolean[] computed = new boolean[height * width];
    Region all = Region.whole(height, width);
    for (int i = 0; i < computed.length; i++) {
      if (places.data()[i] != 0) {
        Region near = new Region(i / width, i % width, 1, 1).grown(margin, all);
        for (int y = near.top(); y < near.bottom(); y++) {
          Arrays.fill(computed, y * width + near.left(), y * width + near.right(), true);
        }
      }
    }
    return new PixelMask(width, height, computed).ratio();
  }

  /** Without deviation: an edit begins with what the template is. */
  private StartLatents start(Picture picture) {
    return new StartLatents(model.encodePicture(picture, 1).mean(), null, 1);
  }

  private int factor(StartLatents start) {
    return size / (int) start.mean().shape()[1];
  }

  private static int factor(StartLatents start, Picture picture) {
    return picture.height() / (int) start.mean().shape()[1];
  }

  private Conditioning conditioning(String text) {
    return model.encode(Prompt.of(text, ""));
  }

  private PictureSettings settings(int width, int height, int count, long seed) {
    return new PictureSettings(
        width,
        height,
        count,
        model.card().defaultGuidanceScale(),
        model.card().defaultSampler(),
        seed);
  }

  private Picture run(PictureRequest request) {
    return model.decode(advance(request));
  }

  private HostTensor advance(PictureRequest request) {
    try (ModelBatch<String> batch = model.newBatch()) {
      batch.join(MEMBER, request);
      while (batch.stepsDone(MEMBER) < batch.stepsTotal(MEMBER)) {
        batch.step(List.of(MEMBER));
      }
      return batch.latents(MEMBER);
    }
  }
}
