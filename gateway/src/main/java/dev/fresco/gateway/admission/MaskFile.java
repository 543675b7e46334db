package dev.fresco.gateway.admission;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.EditMask;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.platform.image.ImageFormat;
import dev.fresco.platform.store.Sha256;

/**
 * A mask as it is kept with its job.
 *
 * @param ratio share of the pixels that may change, 0 to 1
 * @param png 8-bit grey, 255 where the edit paints
 */
record MaskFile(int width, int height, double ratio, byte[] png) {

  static MaskFile of(GreyMask mask) {
    return new MaskFile(mask.width(), mask.height(), mask.ratio(), mask.png());
  }

  /** Where it is to lie. */
  JobInput input(String jobId) {
    return new JobInput(JobInput.PREFIX + "/" + jobId + "/mask.png", png);
  }

  /** The mask as jobs name it. */
  EditMask asStored(String jobId) {
    StoredObject object = new StoredObject(input(jobId).objectKey(), Sha256.of(png), png.length);
    JobImage image = new JobImage(object, ImageFormat.PNG.contentType(), width, height, null);
    return new EditMask(image, ratio);
  }
}
