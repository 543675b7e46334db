package dev.fresco.engine.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.fresco.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The kernels on one device, read from the text files under {@code /kernels} at first use and kept.
 * Its manager is the root of all native memory of the networks that use it: closing the library
 * frees everything.
 */
public final class KernelLibrary implements AutoCloseable {
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda:\\d{1,3}");

  private final String device;
  private final NDManager manager;
  private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();
  private final KernelClock clock = new KernelClock();

  private KernelLibrary(String device, NDManager manager) {
    this.device = device;
    this.manager = manager;
  }

  /**
   * Opens a library.
   *
   * @param device {@code cpu}, or {@code cuda:0} and so on
   * @throws EngineException if the device is not named so or PyTorch does not have it
   */
  public static KernelLibrary on(String device) {
    if (!DEVICE.matcher(device).matches()) {
      throw new EngineException("device '" + device + "' is neither cpu nor cuda:N");
    }
    boolean cpu = device.equals("cpu");
    Device place = cpu ? Device.cpu() : Device.gpu(Integer.parseInt(device.substring(5)));
    InferenceThread.prepare();
    NDManager manager = NDManager.newBaseManager(place, "PyTorch");
    if (!cpu && manager.getEngine().getGpuCount() <= place.getDeviceId()) {
      int found = manager.getEngine().getGpuCount();
      manager.close();
      throw new EngineException("device '" + device + "': PyTorch sees " + found + " GPUs");
    }
    return new KernelLibrary(device, manager);
  }

  /** A kernel by its file's name without the ending. */
  public Kernel kernel(String name) {
    return kernels.computeIfAbsent(name, this::load);
  }

  /** The name that it was opened by. */
  public String device() {
    return device;
  }

  /** The root of native memory on this device. */
  public NDManager manager() {
    return manager;
  }

  public boolean onGpu() {
    return manager.getDevice().isGpu();
  }

  /** How many threads share the work of one kernel call on a processor. */
  public static int threads() {
    Engine.getEngine("PyTorch"); // loads the natives
    return JniUtils.getNumThreads();
  }

  public KernelClock clock() {
    return clock;
  }

  @Override
  public void close() {
    manager.close();
  }

  private Kernel load(String name) {
    byte[] archive = TorchScriptArchive.of(text(name), text("common"));
    try {
      return new Kernel(
          name,
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false),
          clock);
    } catch (IOException | ai.djl.engine.EngineException e) {
      throw new EngineException("kernel " + name + " does not load: " + e.getMessage(), e);
    }
  }

  private static String text(String name) {
    String resource = "/kernels/" + name + ".py";
    try (InputStream stream = KernelLibrary.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new EngineException("kernel " + name + ": no resource " + resource);
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new EngineException("kernel " + name + ": cannot read " + resource, e);
    }
  }
}
