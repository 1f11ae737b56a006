import { createLazyRoute } from "@tanstack/react-router";

import { Soon } from "../../shell/Soon";

export const Route = createLazyRoute("/start")({ component: Soon });
