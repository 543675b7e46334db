package dev.fresco.trainer.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Between a coordinator and a stage's process: a JSON document a line, both ways. */
final class ControlConnection implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader lines;
  private final OutputStream out;

  ControlConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    this.out = socket.getOutputStream();
  }

  /**
   * How long to wait for a document from now on.
   *
   * @param limit zero for ever; after it, {@link #receive} throws a {@link
   *     java.net.SocketTimeoutException}
   */
  void answerWithin(Duration limit) throws IOException {
    socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
  }

  /** May be called from any thread. */
  void send(Object document) throws IOException {
    byte[] line = (JsonMapper.shared().writeValueAsString(document) + "\n").getBytes(UTF_8);
    synchronized (out) {
      out.write(line);
      out.flush();
    }
  }

  /**
   * Waits for the next document; empty when the other side has ended.
   *
   * @throws tools.jackson.core.JacksonException if it is of another kind
   */
  <T> Optional<T> receive(Class<T> kind) throws IOException {
    String line = lines.readLine();
    return line == null ? Optional.empty() : Optional.of(JsonMapper.shared().readValue(line, kind));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
