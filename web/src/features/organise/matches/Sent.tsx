import { useProven } from "../../../checking/state";
import { State, stateOf, type TipState } from "../../../design/State";
import { $node, type Shapes } from "../../../node/client";

const placeOf = ({ state, block }: Shapes["TransactionBody"], proven?: number): TipState =>
  block == null ? "sent" : stateOf(state, block.height, proven);

/** How far a signature is: asked until the book holds it. */
export function Sent({ id }: { id: string }) {
  const proven = useProven();
  const path = { params: { path: { id } } };
  const { data } = $node.useQuery("get", "/api/v1/transactions/{id}", path, {
    enabled: ({ state }) => id !== "" && (state.data === undefined || placeOf(state.data) === "sent"),
  });
  return <State is={data === undefined ? "sent" : placeOf(data, proven)} />;
}
