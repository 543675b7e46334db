package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.mask.ActiveMember;
import java.util.List;

/** The network of a family, for the steps of one batch. */
interface Denoiser extends AutoCloseable {

  /**
   * What the network says of one group.
   *
   * @param output fp32 {@code [members + guided, channels, height, width]}
   * @param guided places of the members that the last rows belong to
   */
  record Prediction(NDArray output, NDArray guided) {}

  /**
   * Runs the network on all groups in one pass; no member changes.
   *
   * @param scope the manager that the results attach to
   * @return one for each group
   */
  List<Prediction> predict(NDManager scope, List<SizeGroup> groups);

  /**
   * Brings what a member needs beside its prompts and latents to the device.
   *
   * @param manager of the member
   * @throws dev.fresco.engine.EngineException if the model cannot do what is asked
   */
  List<MemberControl> controls(NDManager manager, PictureRequest request);

  /**
   * Which places of a picture the network computes one by one.
   *
   * @return null if it computes whole maps
   * @throws dev.fresco.engine.EngineException if a recording is asked for or offered that does not
   *     fit
   */
  ActiveMember active(PictureRequest request);

  /** Frees what was kept for the members of the last step; all of them have left. */
  void forget();

  @Override
  void close();
}
