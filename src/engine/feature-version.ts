/** To be raised when the same image would become other pixels or features: kept rows are then made anew. */
export const FEATURE_VERSION = 4;
