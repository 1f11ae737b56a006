import { createLazyRoute } from "@tanstack/react-router";

import { Forgets } from "./Forgets";

export const Route = createLazyRoute("/left")({ component: Forgets });
