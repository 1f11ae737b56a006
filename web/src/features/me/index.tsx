import { createLazyRoute } from "@tanstack/react-router";

import { Me } from "./Me";

export const Route = createLazyRoute("/me")({ component: Me });
