import { useProven } from "../../checking/state";

/** Whether this device has found it proven that a block of the book stays. */
export function useConfirmed(height: number): boolean {
  const proven = useProven() ?? 0;
  return proven > 0 && height <= proven;
}
