// One canvas over the map, larger than the window, so that a drag shows what is drawn already and draws nothing. In the
// swipe a second one lies on it, cut at the line by a clip, so that moving line or window draws nothing either.

/** @typedef {import("./scene.js").View} View */

const PAD = 0.25;
const MOST_RATIO = 2;

/**
 * @typedef {object} Canvases
 * @property {() => void} redraw
 * @property {() => View} view
 * @property {() => void} clip bring the cut to where the line stands
 * @property {() => void} remove
 */

/**
 * Add canvases to a Leaflet map.
 * @param {L.Map} map
 * @param {(to: CanvasRenderingContext2D, view: View, side: number) => void} draw side 1 lies on side 0
 * @param {() => number | null} split where the line stands, 0 to 1 of the window; null = one side alone
 * @returns {Canvases}
 */
export function addCanvas(map, draw, split) {
  const sides = ["lz-canvas", "lz-canvas lz-canvas-b"].map((name) => {
    const canvas = document.createElement("canvas");
    canvas.className = `${name} leaflet-zoom-hide`;
    map.getPanes().overlayPane.append(canvas);
    return canvas;
  });
  /** @type {View} */
  let view = { west: 0, north: 0, scale: 1, width: 0, height: 0, ratio: 1 };
  let corner = L.point(0, 0);
  let asked = 0;

  /** @param {HTMLCanvasElement} canvas */
  function fit(canvas) {
    const [wide, high] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.width = `${view.width}px`;
      canvas.style.height = `${view.height}px`;
    }
    L.DomUtil.setPosition(canvas, corner);
  }

  function clip() {
    const at = split();
    sides[1].hidden = at === null;
    if (at === null) return;
    const left = map.containerPointToLayerPoint([at * map.getSize().x, 0]).x - corner.x;
    sides[1].style.clipPath = `inset(0 0 0 ${Math.max(0, left)}px)`;
  }

  function redraw() {
    const size = map.getSize();
    corner = map.containerPointToLayerPoint([-size.x * PAD, -size.y * PAD]).round();
    const at = map.layerPointToLatLng(corner);
    view = { west: at.lng, north: at.lat, scale: 2 ** map.getZoom(), width: Math.ceil(size.x * (1 + 2 * PAD)),
      height: Math.ceil(size.y * (1 + 2 * PAD)), ratio: Math.min(window.devicePixelRatio || 1, MOST_RATIO) };
    clip();
    if (view.width === 0 || view.height === 0) return;
    sides.slice(0, split() === null ? 1 : 2).forEach((canvas, side) => {
      fit(canvas);
      const to = canvas.getContext("2d");
      if (!to) return;
      to.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      draw(to, view, side);
    });
  }

  function onMove() {
    clip();
    if (asked) return;
    const seen = L.bounds(map.containerPointToLayerPoint([0, 0]), map.containerPointToLayerPoint(map.getSize()));
    const drawn = L.bounds(corner, corner.add([view.width, view.height]));
    if (drawn.contains(seen) && view.scale === 2 ** map.getZoom()) return;
    asked = requestAnimationFrame(() => {
      asked = 0;
      redraw();
    });
  }

  map.on("move zoom", onMove);
  map.on("moveend zoomend resize viewreset", redraw);
  return {
    redraw,
    view: () => view,
    clip,
    remove() {
      cancelAnimationFrame(asked);
      map.off("move zoom", onMove);
      map.off("moveend zoomend resize viewreset", redraw);
      for (const canvas of sides) canvas.remove();
    },
  };
}
