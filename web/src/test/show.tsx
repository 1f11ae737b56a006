import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider, type QueryKey } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
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
export async function show(piece: ReactNode, answers: readonly Answer[] = [], place = "/"): Promise<QueryClient> {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Infinity, retry: false, networkMode: "always" } },
  });
  for (const [key, answer] of answers) queries.setQueryData(key, answer);
  const root = createRootRoute({
    component: () => (
      <Suspense>
        <div data-testid="shown">
          <Outlet />
        </div>
      </Suspense>
    ),
  });
  const at = createRoute({ getParentRoute: () => root, path: place, component: () => piece });
  const history = createMemoryHistory({ initialEntries: [place] });
  const router = createRouter({ routeTree: root.addChildren([at]), history });
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </I18nProvider>,
  );
  await screen.findByTestId("shown");
  return queries;
}
