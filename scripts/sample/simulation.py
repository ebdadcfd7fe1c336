"""A simulated time-lapse of dividing nuclei in an epithelial sheet, with its exact ground truth.

Lengths are in micrometres, in the frame of the image: index i of an axis lies at i * voxel size.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

SEED = 20261122
SHAPE = (16, 256, 256)  # z, y, x
VOXEL = (1.0, 0.325, 0.325)  # z, y, x in micrometres
FRAMES = 10
INTERVAL = 300.0  # seconds
CLASSES = ("interphase", "prophase", "metaphase", "anaphase", "telophase")
# Fewer voxels than this in view are not annotated: a sliver at the border is no nucleus.
SMALLEST = 60
DIVISIONS = {
    (27.0, 33.0): 3,
    (56.0, 55.0): 5,
    (60.0, 21.0): 8,
    (30.0, 66.0): 11,
}  # where (x, y): when
LEAVES = (5.0, 47.0)  # the nucleus nearest to this walks out at the left


@dataclass
class Body:
    """One nucleus (or chromatin mass) through time; each division makes two new bodies."""

    key: int
    position: np.ndarray  # x, y
    height: float
    radii: np.ndarray  # interphase semi-axes
    angle: float
    velocity: np.ndarray
    lobes: np.ndarray  # (4, 4): direction, amplitude
    spots: np.ndarray  # (n, 5): unit position, sigma, amplitude
    grain: np.ndarray  # offset into the noise tile
    divides: int = 99
    born: int = -99
    parent: int = -1
    sibling: int = -1
    leaves: bool = False
    spin: float = 0.0
    states: dict = field(default_factory=dict)  # frame -> Stage


@dataclass
class Stage:
    """What a body looks like in one frame."""

    name: str
    position: np.ndarray  # x, y, z
    radii: np.ndarray
    angle: float
    brightness: float
    condensed: float  # 0 interphase texture .. 1 solid chromosomes
    bend: float = 0.0


def _new_body(rng, key, position, **kwargs):
    spots = np.zeros((9, 5))
    spots[:, :3] = rng.normal(0, 0.36, (9, 3))
    spots[:3, 3], spots[:3, 4] = rng.uniform(0.8, 1.15, 3), rng.uniform(-0.62, -0.38, 3)  # nucleoli
    spots[3:, 3], spots[3:, 4] = rng.uniform(0.35, 0.6, 6), rng.uniform(
        0.25, 0.6, 6
    )  # chromocentres
    lobes = np.concatenate([rng.normal(0, 1, (4, 3)), rng.normal(0, 0.075, (4, 1))], axis=1)
    lobes[:, :3] /= np.linalg.norm(lobes[:, :3], axis=1, keepdims=True)
    radii = np.array([rng.uniform(4.9, 6.0), rng.uniform(3.9, 4.7), rng.uniform(2.9, 3.5)])
    return Body(
        key,
        np.array(position, float),
        8.4 + rng.normal(0, 0.7),
        radii,
        rng.uniform(0, np.pi),
        rng.normal(0, 0.3, 2),
        lobes,
        spots,
        rng.uniform(0, 48, 3),
        spin=rng.normal(0, 0.04),
        **kwargs
    )


def _nearest(bodies, place):
    return min(bodies, key=lambda b: np.hypot(*(b.position - place)))


def _sheet(rng):
    """Nuclei on a jittered hexagonal lattice that reaches a cell beyond the frame."""
    places = [(14.2 * (i + 0.5 * (j % 2)) - 16, 12.6 * j - 14) for j in range(10) for i in range(9)]
    bodies = [_new_body(rng, k, np.array(p) + rng.normal(0, 1.5, 2)) for k, p in enumerate(places)]
    _relax(bodies, 40)
    for place, frame in DIVISIONS.items():
        _nearest(bodies, place).divides = frame
    leaver = _nearest(bodies, LEAVES)
    leaver.leaves = True
    return [
        b
        for b in bodies
        if b is leaver
        or b.position[0] > leaver.position[0]
        or abs(b.position[1] - leaver.position[1]) > 9
    ]


def _relax(bodies, steps, frame=-99):
    """Pushes apart nuclei that would overlap; siblings are held at the spindle's length."""
    for _ in range(steps):
        p = np.stack([b.position for b in bodies])
        delta = p[:, None] - p[None]
        distance = np.hypot(delta[..., 0], delta[..., 1]) + np.eye(len(p))
        push = np.clip(12.3 - distance, 0, None) * (1 - np.eye(len(p)))
        index = {b.key: i for i, b in enumerate(bodies)}
        for i, b in enumerate(bodies):
            if b.sibling in index:
                length = np.interp(frame - b.born, [0, 1, 2, 3, 5], [5.4, 8.2, 9.8, 10.8, 11.8])
                push[i, index[b.sibling]] = 2.0 * (length - distance[i, index[b.sibling]])
        move = (delta / distance[..., None] * push[..., None] * 0.2).sum(axis=1)
        for b, m in zip(bodies, move):
            b.position = b.position + (0 if b.leaves else 1) * np.clip(m, -1.2, 1.2)


def _divide(rng, mother, key):
    """Two daughters on either side of the metaphase plate, keeping the mother's direction."""
    axis = np.array([np.cos(mother.angle), np.sin(mother.angle)])
    pair = []
    for side in (1, -1):
        b = _new_body(
            rng,
            key + len(pair),
            mother.position + side * 2.7 * axis,
            born=mother.divides,
            parent=mother.key,
        )
        b.angle = mother.angle + (0 if side > 0 else np.pi)
        b.height, b.velocity, b.radii = mother.height, mother.velocity.copy(), b.radii * 0.88
        pair.append(b)
    pair[0].sibling, pair[1].sibling = pair[1].key, pair[0].key
    return pair


def _stage(b, frame):
    before, after = frame - b.divides, frame - b.born
    place = np.array([*b.position, b.height])
    if before == -3:
        return Stage("prophase", place, b.radii * 1.03, b.angle, 1.15, 0.35)
    if before == -2:
        return Stage("prophase", place, b.radii * [0.9, 1.0, 1.05], b.angle, 1.4, 0.55)
    if before == -1:
        return Stage("metaphase", place, np.array([1.6, 4.5, 3.6]), b.angle, 2.3, 1.0)
    if after == 0:
        return Stage("anaphase", place, np.array([1.25, 3.9, 3.0]), b.angle, 2.2, 1.0, bend=0.035)
    if after == 1:
        return Stage("telophase", place, np.array([1.8, 3.5, 2.7]), b.angle, 1.8, 0.7, bend=0.04)
    if after > 1:
        grown = np.interp(after, [2, 6], [0.0, 1.0])
        radii = np.array([3.0, 3.7, 2.7]) * (1 - grown) + b.radii[[1, 0, 2]] * grown
        return Stage("interphase", place, radii, b.angle, 1.35 - 0.25 * grown, 0.25 * (1 - grown))
    return Stage("interphase", place, b.radii, b.angle, 1.0, 0.0)


def grow():
    """All bodies with their states in every frame."""
    rng = np.random.default_rng(SEED)
    bodies = _sheet(rng)
    everyone = list(bodies)
    for frame in range(FRAMES):
        for mother in [b for b in bodies if b.divides == frame]:
            bodies.remove(mother)
            bodies += _divide(rng, mother, 1000 + len(everyone))
            everyone += bodies[-2:]
        for b in bodies if frame else ():
            b.velocity = 0.7 * b.velocity + rng.normal(0, 0.22, 2)
            flow = 0.35 * np.array([np.sin(b.position[1] / 19), np.cos(b.position[0] / 23)])
            b.position = b.position + ([-1.75, 0.1] if b.leaves else b.velocity + flow)
            b.angle += b.spin if b.divides - frame > 1 and frame - b.born > 1 else 0
        _relax(bodies, 14, frame)
        for b in bodies:
            b.states[frame] = _stage(b, frame)
    return everyone


def noise_tiles():
    """A periodic noise volume (48 voxels of 0.3 um a side), of unit variance: fine and coarse grain."""
    rng = np.random.default_rng(SEED + 1)
    tiles = [
        ndimage.gaussian_filter(rng.normal(size=(48, 48, 48)), s, mode="wrap") for s in (1.0, 2.6)
    ]
    return [t / t.std() for t in tiles]


def _local(stage):
    """The window of voxels round a nucleus, and their coordinates in the nucleus's own frame."""
    reach = np.array([stage.radii[2], *[stage.radii[:2].max()] * 2]) * 1.45 + 1.0
    centre = stage.position[::-1]
    lo = [max(0, int(np.floor((c - r) / v))) for c, r, v in zip(centre, reach, VOXEL)]
    hi = [min(n, int(np.ceil((c + r) / v)) + 1) for c, r, v, n in zip(centre, reach, VOXEL, SHAPE)]
    if any(a >= b for a, b in zip(lo, hi)):
        return None, None
    z, y, x = np.meshgrid(
        *[np.arange(a, b) * v - c for a, b, v, c in zip(lo, hi, VOXEL, centre)], indexing="ij"
    )
    cos, sin = np.cos(stage.angle), np.sin(stage.angle)
    u, v = cos * x + sin * y, cos * y - sin * x
    return tuple(slice(a, b) for a, b in zip(lo, hi)), (
        u - stage.bend * (v * v + 0.6 * z * z),
        v,
        z,
    )


def _surface(body, stage, local):
    """The level-set (below 1 inside) and the distance to the surface in um (positive inside)."""
    unit = np.stack([a / r for a, r in zip(local, stage.radii)])
    r = np.sqrt((unit**2).sum(axis=0)) + 1e-9
    lobes = sum(a * np.tensordot(d, unit / r, 1) ** 3 for *d, a in body.lobes)
    level = r / (1 + (1 - 0.2 * stage.condensed) * lobes)
    length = np.sqrt(sum(a * a for a in local))
    return level, length * (1 / np.maximum(level, 0.05) - 1), unit


def _chromatin(body, stage, local, unit, level, noise):
    """DNA density: grain, chromocentres, nucleoli and a bright rim, all but gone when condensed."""
    where = np.stack(local) / 0.3 + body.grain[:, None, None, None]
    fine, coarse = (ndimage.map_coordinates(n, where, order=1, mode="grid-wrap") for n in noise)
    loose = 0.8 + 0.13 * fine + 0.11 * coarse + 0.22 * np.exp(-(((1 - level) / 0.14) ** 2))
    for *p, sigma, amplitude in body.spots:
        far = sum(((u - q) * r) ** 2 for u, q, r in zip(unit, p, stage.radii))
        loose = loose + amplitude * np.exp(-far / (2 * sigma**2))
    threads = 0.75 + 0.55 * np.clip(1.1 - 1.6 * np.abs(fine), 0, 1) + 0.1 * coarse
    solid = 1.0 + 0.16 * coarse + 0.12 * fine
    half = min(1.0, 2 * stage.condensed)
    full = max(0.0, 2 * stage.condensed - 1)
    density = (1 - half) * loose + half * ((1 - full) * threads + full * solid)
    return stage.brightness * np.clip(density, 0.12, None)


def frame_truth(bodies, frame, noise):
    """(owner key + 1 a voxel, DNA density, log-odds of being nucleus) for one frame."""
    owner = np.zeros(SHAPE, np.int32)
    nearest = np.full(SHAPE, np.inf, np.float32)
    density = np.zeros(SHAPE, np.float32)
    distance = np.full(SHAPE, -9.0, np.float32)
    for body in bodies:
        stage = body.states.get(frame)
        window, local = _local(stage) if stage else (None, None)
        if window is None:
            continue
        level, inside, unit = _surface(body, stage, local)
        win = (level < 1) & (level < nearest[window])
        owner[window][win] = body.key + 1
        nearest[window] = np.minimum(nearest[window], level)
        distance[window] = np.maximum(distance[window], inside)
        edge = np.clip(inside / 0.5 + 0.5, 0, 1)
        density[window] += (
            edge * edge * (3 - 2 * edge) * _chromatin(body, stage, local, unit, level, noise)
        )
    return owner, density, distance


def tracks(bodies, owners):
    """Gives ids, 1 upward in order of appearance: a new one for each unbroken stretch in view.

    Returns (rows of (id, first, last, parent), {(body key, frame): id}).
    """
    seen = [np.unique(o, return_counts=True) for o in owners]
    inside = {
        (int(k) - 1, t)
        for t, (keys, n) in enumerate(seen)
        for k, m in zip(keys, n)
        if k and m >= SMALLEST
    }
    rows, ids, latest = [], {}, {}
    for t in range(FRAMES):
        for body in bodies:
            if (body.key, t) not in inside:
                continue
            if (body.key, t - 1) in ids:
                ids[body.key, t] = ids[body.key, t - 1]
                rows[ids[body.key, t] - 1][2] = t
                continue
            parent = latest.get(body.parent, 0) if t == body.born else 0
            rows.append([len(rows) + 1, t, t, parent])
            ids[body.key, t] = latest[body.key] = len(rows)
    return [tuple(r) for r in rows], ids
