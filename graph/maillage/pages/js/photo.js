// A picture that is too slow to be painted in each frame of a movement is painted once, as a bitmap
// somewhat larger than the frame, and moved about; at rest it is painted anew.

// How far the bitmap reaches over the frame on each side: a whole number of pixels on all screens.
const marginOf = ({ width, height }) => 4 * Math.round(Math.min(width, height) / 16);
const COVERED = 0.6; // share of the frame below which a new bitmap is painted during a movement

// paint(pen, camera) paints the picture.
function photographer(paint) {
  const canvas = document.createElement("canvas");
  let taken = null; // the camera that the bitmap was taken for, and the wider one that took it

  function take(camera) {
    const margin = marginOf(camera);
    const { x, y, width, height, ratio } = camera;
    const wider = { ...camera, x: x + margin, y: y + margin, width: width + 2 * margin, height: height + 2 * margin };
    canvas.width = Math.ceil(wider.width * ratio);
    canvas.height = Math.ceil(wider.height * ratio);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(canvasPen(context), wider);
    taken = { camera, wider };
  }

  // Where the bitmap belongs in the frame, and which share of the frame it covers.
  function placed(camera) {
    const scale = camera.k / taken.wider.k;
    const left = camera.x - taken.wider.x * scale;
    const top = camera.y - taken.wider.y * scale;
    const width = (canvas.width / camera.ratio) * scale;
    const height = (canvas.height / camera.ratio) * scale;
    const span = (start, length, whole) => Math.max(0, Math.min(whole, start + length) - Math.max(0, start)) / whole;
    return { left, top, width, height, covered: span(left, width, camera.width) * span(top, height, camera.height) };
  }

  return {
    // The bitmap no longer shows what is to be seen.
    spoil() {
      taken = null;
    },
    show(context, camera, moving) {
      const good = taken && (moving ? placed(camera).covered >= COVERED : taken.camera === camera);
      if (!good) take(camera);
      const { left, top, width, height } = placed(camera);
      context.drawImage(canvas, left, top, width, height);
    },
  };
}
