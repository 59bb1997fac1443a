// One canvas over the map, larger than the window, so that a drag shows what is drawn already and draws nothing.

/** @typedef {import("./scene.js").View} View */

const PAD = 0.3;
const MOST_RATIO = 2;

/**
 * Add a canvas to a Leaflet map.
 * @param {L.Map} map
 * @param {(to: CanvasRenderingContext2D, view: View) => void} draw
 * @param {() => boolean} follows true = what is drawn hangs on the window, so that every move draws it again
 * @returns {{redraw: () => void, view: () => View, canvas: HTMLCanvasElement, remove: () => void}}
 */
export function addCanvas(map, draw, follows) {
  const canvas = document.createElement("canvas");
  canvas.className = "lz-canvas leaflet-zoom-hide";
  map.getPanes().overlayPane.append(canvas);
  /** @type {View} */
  let view = { west: 0, north: 0, scale: 1, width: 0, height: 0, ratio: 1 };
  /** @type {L.Bounds | null} */
  let drawn = null;
  let asked = 0;

  function redraw() {
    const size = map.getSize();
    const pad = follows() ? 0 : PAD;
    const corner = map.containerPointToLayerPoint([-size.x * pad, -size.y * pad]).round();
    const [width, height] = [Math.ceil(size.x * (1 + 2 * pad)), Math.ceil(size.y * (1 + 2 * pad))];
    const ratio = Math.min(window.devicePixelRatio || 1, MOST_RATIO);
    const at = map.layerPointToLatLng(corner);
    const scale = 2 ** map.getZoom();
    view = { west: at.lng, north: at.lat, scale, width, height, ratio };
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    L.DomUtil.setPosition(canvas, corner);
    drawn = L.bounds(corner, corner.add([width, height]));
    const to = canvas.getContext("2d");
    if (!to || width === 0 || height === 0) return;
    to.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(to, view);
  }

  function onMove() {
    if (asked) return;
    const corner = map.containerPointToLayerPoint([0, 0]);
    const seen = L.bounds(corner, corner.add(map.getSize()));
    if (!follows() && drawn?.contains(seen)) return;
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
    canvas,
    remove() {
      map.off("move zoom", onMove);
      map.off("moveend zoomend resize viewreset", redraw);
      canvas.remove();
    },
  };
}
