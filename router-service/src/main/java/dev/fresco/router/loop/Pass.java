package dev.fresco.router.loop;

/** What the loop does after it has taken in what was posted. */
public interface Pass {
  void run();
}
