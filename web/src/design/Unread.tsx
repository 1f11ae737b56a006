import { Failure } from "./Failure";
import { Skeleton } from "./Skeleton";

interface Query {
  error: unknown;
  refetch: () => Promise<unknown>;
}

interface Props {
  of: readonly Query[];
  rows?: number;
  height?: number;
}

/** In place of what was asked for and is not there: room for it, or why it did not come. */
export function Unread({ of, rows = 1, height = 48 }: Props) {
  const [first, ...others] = of.filter(({ error }) => error !== null);
  if (first === undefined) return <Skeleton rows={rows} height={height} />;
  return <Failure error={first.error} again={() => [first, ...others].forEach((query) => void query.refetch())} />;
}
