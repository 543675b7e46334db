/** Trains a model over the stages of a pipeline. */
package dev.fresco.trainer;
