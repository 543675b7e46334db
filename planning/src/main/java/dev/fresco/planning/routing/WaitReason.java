package dev.fresco.planning.routing;

/** Why a job stays in the queue. */
public enum WaitReason {
  /** No worker has ever announced the model; its time to do so is not over. */
  MODEL_UNKNOWN,
  /** Workers have served the model, none does now. */
  WORKERS_DOWN,
  /** The live workers of the model take no new jobs, or own no partition yet. */
  WORKERS_CLOSED,
  /** The workers of the model are full, or kept free for a job that goes before this one. */
  NO_ROOM
}
