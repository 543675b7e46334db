package dev.fresco.engine.fake;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.RecordedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A picture that drifts from noise towards a pattern of its prompt. Where it stays as it was, its
 * noise fades step by step; that is what a recording of it holds, so that an edit with a recording
 * gives the very picture that it gives without.
 */
record FakeMember(PictureRequest request, HostTensor latents, int stepsDone) {
  static final String RECORDED = "latents";

  static FakeMember of(PictureRequest request) {
    PictureSettings settings = request.settings();
    int height = settings.height() / FakeModel.FACTOR;
    int width = settings.width() / FakeModel.FACTOR;
    HostTensor noise =
        HostTensor.of(
            noise(settings.seed(), FakeModel.CHANNELS * height * width),
            FakeModel.CHANNELS,
            height,
            width);
    FakeMember member = new FakeMember(request, noise, 0);
    return kept(request) == null ? member : member.blended(member.template(1));
  }

  private static float[] noise(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] noise = new float[length];
    for (int i = 0; i < length; i++) {
      noise[i] = (float) random.nextDouble(-1, 1);
    }
    return noise;
  }

  private static KeptPart kept(PictureRequest request) {
    return request.start() == null ? null : request.start().kept();
  }

  PictureSettings settings() {
    return request.settings();
  }

  Conditioning conditioning() {
    return request.conditioning();
  }

  int stepsTotal() {
    double strength = request.start() == null ? 1 : request.start().strength();
    return Math.max(1, (int) (settings().steps() * strength));
  }

  /** The step of the whole schedule that was taken last. */
  private int lastStep() {
    return settings().steps() - stepsTotal() + stepsDone - 1;
  }

  FakeMember stepped() {
    float[] before = latents.data();
    float[] after = new float[before.length];
    float[] positive = conditioning().positive().states().data();
    float[] negative = conditioning().negative().states().data();
    double pull = 1.0 / (stepsTotal() - stepsDone);
    for (int i = 0; i < before.length; i++) {
      int at = i % positive.length;
      double scale = settings().guided() ? settings().guidanceScale() : 1;
      double goal = negative[at] + scale * (positive[at] - negative[at]);
      after[i] = (float) (before[i] + pull * (goal - before[i]) * 0.9);
    }
    FakeMember next =
        new FakeMember(request, new HostTensor(latents.shape(), after), stepsDone + 1);
    return kept(request) == null ? next : next.blended(next.around());
  }

  /** What stays, at the level of noise after the last step: recorded, or computed. */
  private float[] around() {
    KeptPart kept = kept(request);
    if (kept.recording() == null || !kept.recording().covers(lastStep())) {
      return template(1 - (lastStep() + 1.0) / settings().steps());
    }
    ByteBuffer data = kept.recording().tensor(lastStep(), RECORDED).data();
    float[] recorded = new float[latents.data().length];
    data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(recorded);
    return recorded;
  }

  /**
   * @param level of noise, 1 at the start and 0 in the end
   */
  private float[] template(double level) {
    StartLatents start = request.start();
    float[] values = noise(start.kept().noiseSeed(), start.mean().data().length);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (start.mean().data()[i] + level * values[i]);
    }
    return values;
  }

  private FakeMember blended(float[] outside) {
    float[] mask = request.start().kept().mask().data();
    float[] inside = latents.data();
    float[] values = new float[inside.length];
    for (int i = 0; i < values.length; i++) {
      float share = mask[i % mask.length];
      values[i] = share * inside[i] + (1 - share) * outside[i];
    }
    return new FakeMember(request, new HostTensor(latents.shape(), values), stepsDone);
  }

  /** Gives the recorder, if there is one, what the last step left behind. */
  void record() {
    if (request.recorder() == null) {
      return;
    }
    int rows = settings().guided() ? 2 : 1;
    float[] values = latents.data();
    ByteBuffer data =
        ByteBuffer.allocate(rows * values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      for (float value : values) {
        data.putFloat(value);
      }
    }
    long[] latent = latents.shape();
    long[] shape = {rows, latent[0], latent[1], latent[2]};
    request
        .recorder()
        .put(
            lastStep(), new RecordedTensor(RECORDED, RecordedTensor.Type.FP32, shape, data.flip()));
  }

  FakeMember withoutRecorder() {
    PictureRequest silent =
        new PictureRequest(
            settings(), conditioning(), request.start(), request.adapters(), request.controls());
    return new FakeMember(silent, latents, stepsDone);
  }
}
