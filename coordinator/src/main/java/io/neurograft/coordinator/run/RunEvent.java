package io.neurograft.coordinator.run;

/** What takes a run from one state to the next. */
public enum RunEvent {
  /** Enough sites are attached. */
  SITES_GATHERED,
  /** Enough sites have sent their members. */
  MEMBERS_TRAINED,
  /** Models stand ready and another round of fine-tuning is due. */
  ROUND_STARTED,
  /** Enough sites have sent their fine-tuned models. */
  SITES_TUNED,
  /** No round is due any more, and the model to publish is known. */
  MODEL_CHOSEN,
  /** The sites have adopted the published model, or their time is up. */
  MODEL_ADOPTED,
  /** The run cannot go on. */
  FAULT,
  /** An operator ends the run. */
  CANCEL
}
