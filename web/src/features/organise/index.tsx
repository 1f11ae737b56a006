import { createLazyRoute } from "@tanstack/react-router";

import { Organise } from "./Organise";

export const Route = createLazyRoute("/organise")({ component: Organise });
