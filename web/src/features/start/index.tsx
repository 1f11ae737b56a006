import { createLazyRoute } from "@tanstack/react-router";

import { Start } from "./Start";

export const Route = createLazyRoute("/start")({ component: Start });
