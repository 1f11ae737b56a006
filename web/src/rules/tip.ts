/** The block that an answer of the node rests on; `null` where it rests on more than the chain. */
export function tipOf(response: { headers: Headers }): string | null {
  return response.headers.get("bolao-tip");
}
