import { createLazyRoute } from "@tanstack/react-router";

import { Move } from "./Move";

export const Route = createLazyRoute("/move")({ component: Move });
