import { render } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Saved } from "./Saved";

it("says for a while that results were saved", () => {
  vi.useFakeTimers();
  const over = vi.fn();
  render(
    <I18nProvider i18n={i18n}>
      <Saved waits={false} over={over} />
    </I18nProvider>,
  );
  vi.advanceTimersByTime(20_000);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20_000);
  expect(over).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
