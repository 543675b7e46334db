package dev.fresco.worker.edit;

import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.RecordingSink;
import java.util.List;

/**
 * The run of a template that is recorded: all of it stays, through the whole schedule, with the
 * template's own noise.
 *
 * @param conditioning of the words of the job that records: a recording serves edits of every
 *     prompt, and those of the same words best
 * @param mean {@code [channels, height, width]}, the template's latents
 */
public record TemplateRun(
    PictureSettings settings,
    Conditioning conditioning,
    HostTensor mean,
    long noiseSeed,
    List<AdapterUse> adapters) {

  /** The run, as it writes into a sink. */
  public PictureRequest into(RecordingSink sink) {
    long height = mean.shape()[1];
    long width = mean.shape()[2];
    HostTensor nothing = HostTensor.of(new float[(int) (height * width)], height, width);
    StartLatents start =
        new StartLatents(mean, null, 1).keeping(new KeptPart(nothing, noiseSeed, null));
    return new PictureRequest(settings, conditioning, start, sink, adapters, List.of());
  }
}
