package dev.fresco.benchmarks.serving;

/**
 * An edit that a user asks for.
 *
 * @param atSeconds when it comes, from the first second of the run on
 * @param template number of what is edited
 * @param mask PNG of the template's size: white is painted
 * @param ratio share of the pixels that are painted, over 0 to 1
 */
record Edit(double atSeconds, int template, byte[] mask, double ratio, String prompt, long seed) {}
