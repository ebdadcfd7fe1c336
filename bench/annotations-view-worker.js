// A stand-in for the annotations' worker: a square grid of polygons of twenty vertices, whose buffers
// (web/annotations/layer.ts) are made when they are asked for. For bench/annotations-view.mjs.

const kPitch = 20;  // from one polygon to the next
const kRadius = 8;
const kVertices = 20;
const kSide = 32;  // polygons of a block along each axis

let across = 0;  // blocks along each axis

/** The polygons of a block, in the order of their numbers: calls visit(object, x, y). */
function each(block, visit) {
  const [column, row] = [block % across, Math.floor(block / across)];
  for (let i = 0; i < kSide * kSide; ++i) {
    const x = (column * kSide + (i % kSide) + 0.5) * kPitch;
    const y = (row * kSide + Math.floor(i / kSide) + 0.5) * kPitch;
    visit(block * kSide * kSide + i, x, y);
  }
}

const ring = Array.from({ length: kVertices }, (_, i) => {
  const angle = (2 * Math.PI * i) / kVertices;
  return [kRadius * Math.cos(angle), kRadius * Math.sin(angle)];
});

function shapesOf(centers) {
  const lines = new ArrayBuffer(centers.length * kVertices * 20);
  const fill = new ArrayBuffer(centers.length * (kVertices - 2) * 36);
  const [lf, li, ff, fi] = [new Float32Array(lines), new Uint32Array(lines), new Float32Array(fill), new Uint32Array(fill)];
  let l = 0;
  let f = 0;
  for (const [object, x, y] of centers) {
    for (let i = 0; i < kVertices; ++i) {
      const [a, b] = [ring[i], ring[(i + 1) % kVertices]];
      lf[l] = x + a[0];
      lf[l + 1] = y + a[1];
      lf[l + 2] = x + b[0];
      lf[l + 3] = y + b[1];
      li[l + 4] = object;
      l += 5;
    }
    for (let i = 1; i + 1 < kVertices; ++i) {
      for (const corner of [ring[0], ring[i], ring[i + 1]]) {
        ff[f] = x + corner[0];
        ff[f + 1] = y + corner[1];
        fi[f + 2] = object;
        f += 3;
      }
    }
  }
  return {
    lines, lineCount: centers.length * kVertices,
    fill, fillCount: centers.length * (kVertices - 2) * 3,
    markers: new ArrayBuffer(0), markerCount: 0,
  };
}

function centersOf(block) {
  const centers = [];
  each(block, (object, x, y) => centers.push([object, x, y]));
  return centers;
}

function center(object) {
  return centersOf(Math.floor(object / (kSide * kSide)))[object % (kSide * kSide)];
}

const answers = {
  /** @returns how many polygons there are, and how large the square is */
  start(blocksAcross) {
    across = blocksAcross;
    return { count: across * across * kSide * kSide, size: across * kSide * kPitch };
  },
  blocks() {
    const table = new Float32Array(across * across * 8);
    for (let block = 0; block < across * across; ++block) {
      const x = (block % across) * kSide * kPitch;
      const y = Math.floor(block / across) * kSide * kPitch;
      table.set([x, y, x + kSide * kPitch, y + kSide * kPitch, kRadius, kRadius, block * kSide * kSide, kSide * kSide], block * 8);
    }
    return { table, count: across * across };
  },
  points() {
    const count = across * across * kSide * kSide;
    const buffer = new ArrayBuffer(count * 16);
    const [floats, integers] = [new Float32Array(buffer), new Uint32Array(buffer)];
    for (let block = 0; block < across * across; ++block) {
      each(block, (object, x, y) => {
        floats[object * 4] = x;
        floats[object * 4 + 1] = y;
        floats[object * 4 + 2] = kRadius;
        integers[object * 4 + 3] = object;
      });
    }
    return { buffer, count };
  },
  shapes: (block) => shapesOf(centersOf(block)),
  outline: (object) => shapesOf([center(object)]),
  style() {
    const count = across * across * kSide * kSide;
    const colors = new Uint8Array(count * 4);
    for (let i = 0; i < count; ++i) colors.set([[230, 159, 0, 255], [86, 180, 233, 255], [0, 158, 115, 255]][i % 3], i * 4);
    return { colors, legend: { title: '', entries: [] }, visible: count };
  },
  pick({ x, y, radius }) {
    const [column, row] = [Math.floor(x / kPitch), Math.floor(y / kPitch)];
    const block = Math.floor(row / kSide) * across + Math.floor(column / kSide);
    const object = block * kSide * kSide + (row % kSide) * kSide + (column % kSide);
    return Math.hypot(x - (column + 0.5) * kPitch, y - (row + 0.5) * kPitch) <= kRadius + radius ? [object] : [];
  },
  details: (object) => {
    const [, x, y] = center(object);
    return { object, shape: 'polygon', category: '', bounds: [x - kRadius, y - kRadius, x + kRadius, y + kRadius], frames: null, slices: null };
  },
};

addEventListener('message', ({ data: { id, question, about } }) => {
  const answer = answers[question](about);
  const buffers = Object.values(answer ?? {}).map((part) => (ArrayBuffer.isView(part) ? part.buffer : part)).filter((part) => part instanceof ArrayBuffer);
  postMessage({ id, answer }, buffers);
});
