package dev.fresco.cache.recording;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** Where other nodes reach this one: as it is set, or else the first address of the host. */
final class NodeAddress {
  private final URI set;
  private final Environment environment;

  /**
   * @param set null if it is to be found out
   */
  NodeAddress(URI set, Environment environment) {
    this.set = set;
    this.environment = environment;
  }

  /** Empty until the web server takes calls. */
  Optional<URI> find() {
    String port = environment.getProperty("local.server.port");
    if (port == null || set != null) {
      return Optional.ofNullable(set);
    }
    try {
      String host = InetAddress.getLocalHost().getHostAddress();
      return Optional.of(URI.create("http://" + host + ":" + port));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
