package dev.fresco.standalone;

import java.nio.file.Path;

/** Where {@code logback.xml} sends the log; set before the first logger is made. */
public final class LogFile {
  private static final String PROPERTY = "fresco.log.file";

  private LogFile() {}

  static Path path() {
    return Path.of(System.getProperty(PROPERTY, ".fresco/fresco.log")).toAbsolutePath();
  }
}
