import { useDeferredValue } from "react";

/**
 * `ready`, but not in the same breath. What an answer of the node lets React draw it draws in one piece; what this lets it
 * draw, in many, between which a slow phone answers its reader.
 */
export const useSoon = (ready: boolean): boolean => useDeferredValue(ready) && ready;
