import { render } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Thanks } from "./Thanks";

it("thanks for a while, not for good", () => {
  vi.useFakeTimers();
  const over = vi.fn();
  render(
    <I18nProvider i18n={i18n}>
      <Thanks waits={false} over={over} />
    </I18nProvider>,
  );
  vi.advanceTimersByTime(20_000);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20_000);
  expect(over).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
