/** What every service shares at its edge. It decides nothing. */
package dev.fresco.platform;
