// Starts every map of a page: an element with data-live-map names the element that holds its data.
import { create } from "./map.js";

/** @type {Record<string, import("./map.js").Handle>} */
const maps = {};
for (const element of document.querySelectorAll("[data-live-map]")) {
  if (!(element instanceof HTMLElement)) continue;
  const source = element.dataset.liveMap ?? "";
  const payload = JSON.parse(document.getElementById(source)?.textContent ?? "null");
  if (!payload || !payload.requirements.length) continue;
  const name = source.replace(/-data$/, "");
  element.id = `${name}-live`;
  maps[name] = create(element, payload, payload.labels);
}
Object.defineProperty(window, "lifezoneMaps", { value: maps });
