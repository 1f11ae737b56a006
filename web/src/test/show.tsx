import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider, type QueryKey } from "@tanstack/react-query";
import { render, within } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";

// jsdom has these and not what they do.
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    if (!this.open) return;
    this.open = false;
    this.dispatchEvent(new Event("close"));
  },
});
window.scrollTo = () => undefined;

/** An answer of the node, and what asks for it. */
export type Answer = readonly [key: QueryKey, answer: unknown];

/** Shows a piece of the page, at a place, as if the node had answered; whatever else it asks gets no answer. */
export async function show(piece: ReactNode, answers: readonly Answer[] = [], place?: string): Promise<QueryClient> {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Infinity, retry: false, networkMode: "always" } },
  });
  for (const [key, answer] of answers) queries.setQueryData(key, answer);
  if (place !== undefined) history.replaceState(null, "", place);
  const { container } = render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <Suspense>
          <div data-testid="shown">{piece}</div>
        </Suspense>
      </QueryClientProvider>
    </I18nProvider>,
  );
  await within(container).findByTestId("shown");
  return queries;
}
