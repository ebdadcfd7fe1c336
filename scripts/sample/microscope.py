"""Makes a picture of simulated cells: cell borders, blur, bleaching, shot noise, camera."""

import numpy as np
from scipy import ndimage

import simulation as sim

NUCLEI_ELECTRONS = 620.0
MEMBRANE_ELECTRONS = 330.0
OFFSET = 100  # the camera's zero, in counts
READ_NOISE = 1.2  # electrons


def _psf(volume):
    """A confocal-like core with a little of the wide halo that is left out of focus."""
    sharp = ndimage.gaussian_filter(volume, (0.75, 0.62, 0.62), mode="nearest")
    halo = ndimage.gaussian_filter(volume[:, ::2, ::2], (1.5, 3.0, 3.0), mode="nearest")
    return 0.88 * sharp + 0.10 * halo.repeat(2, axis=1).repeat(2, axis=2)


def _smooth_noise(rng, sigma, shape=sim.SHAPE[1:]):
    n = ndimage.gaussian_filter(rng.normal(size=shape), sigma, mode="wrap")
    return n / n.std()


def _territories(bodies, frame, warp):
    """How much nearer each pixel is to its own cell than to the next one, and to its own nucleus."""
    y, x = np.meshgrid(
        *[np.arange(n) * v for n, v in zip(sim.SHAPE[1:], sim.VOXEL[1:])], indexing="ij"
    )
    x, y = x + warp[0], y + warp[1]
    cells = {}
    for b in bodies:
        stage = b.states.get(frame)
        if stage is None:
            continue
        bonus = 1.0 if stage.name in ("metaphase", "anaphase") else 0.0
        d = np.hypot(x - stage.position[0], y - stage.position[1]) - bonus
        # One cell until the furrow: in anaphase both masses share a territory.
        key = min(b.key, b.sibling) if stage.name == "anaphase" else b.key
        cells[key] = np.minimum(cells[key], d) if key in cells else d
    ranked = np.partition(np.stack(list(cells.values())), 1, axis=0)
    return ranked[1] - ranked[0], ranked[0]


def membrane(bodies, frame, owner, rng_seed):
    """Cell borders, a dome of apical membrane, and grainy cytoplasm that spares the nucleus."""
    rng = np.random.default_rng(rng_seed)
    warp = [0.55 * _smooth_noise(rng, 9) + 0.22 * _smooth_noise(rng, 3) for _ in range(2)]
    gap, near = _territories(bodies, frame, warp)
    patchy = 1 + 0.22 * _smooth_noise(rng, 4) + 0.10 * _smooth_noise(rng, 1.5)
    line = np.exp(-((gap / 0.75) ** 2)) * np.clip(patchy, 0.3, None)
    top = 12.2 - 0.02 * near**2 + 0.25 * _smooth_noise(rng, 14)
    texture = ndimage.gaussian_filter(
        np.random.default_rng(rng_seed + 1).normal(size=sim.SHAPE), (0.8, 1.4, 1.4)
    )
    texture = np.clip(1 + 0.35 * texture / texture.std(), 0.1, None)
    z = (np.arange(sim.SHAPE[0]) * sim.VOXEL[0])[:, None, None]
    column = 1 / (1 + np.exp((z - top) / 0.5)) / (1 + np.exp(-(z - 3.2) / 0.45))
    apical = np.exp(-(((z - top) / 0.9) ** 2))
    body = column * texture * np.where(owner > 0, 0.03, 0.16)
    return (
        column * line * (0.85 + 0.75 * np.exp(-(((z - top + 1.4) / 1.3) ** 2)))
        + 0.13 * apical * texture
        + body
    ).astype(np.float32)


def expose(volume, electrons, background, bleach, rng):
    """Camera counts (uint16) of a volume of relative brightness."""
    y, x = np.meshgrid(*[np.linspace(-1, 1, n) for n in sim.SHAPE[1:]], indexing="ij")
    light = (1 - 0.16 * (x * x + y * y)) * bleach
    signal = np.clip(_psf(volume), 0, None) * electrons * light + background
    counts = rng.poisson(signal) + rng.normal(0, READ_NOISE, volume.shape) + OFFSET
    return np.clip(np.rint(counts), 0, 65535).astype(np.uint16)


def probability(distance, annotated, rng):
    """What a good pixel classifier might say: soft at the border, and 0.5 exactly at the true outline."""
    doubt = np.exp(
        0.35
        * np.clip(ndimage.gaussian_filter(rng.normal(size=sim.SHAPE), (1, 2.5, 2.5)) * 14, -2, 2)
    )
    inside = np.where(annotated, np.maximum(distance, 0), np.minimum(distance, 0))
    p = np.rint(64 / (1 + np.exp(-inside / 0.32 * doubt))) / 64
    return np.where(annotated, np.maximum(p, 33 / 64), np.minimum(p, 31 / 64)).astype(np.float32)


def film():
    """(images t,c,z,y,x; ids t,z,y,x; probability t,z,y,x; track rows; {(frame, id): stage name})."""
    bodies = sim.grow()
    noise = sim.noise_tiles()
    truth = [sim.frame_truth(bodies, t, noise) for t in range(sim.FRAMES)]
    rows, ids = sim.tracks(bodies, [o for o, _, _ in truth])
    images = np.zeros((sim.FRAMES, 2, *sim.SHAPE), np.uint16)
    labels = np.zeros((sim.FRAMES, *sim.SHAPE), np.uint16)
    odds = np.zeros(labels.shape, np.float32)
    stages = {
        (t, i): b.states[t].name
        for b in bodies
        for t in range(sim.FRAMES)
        if (i := ids.get((b.key, t)))
    }
    for t, (owner, density, distance) in enumerate(truth):
        table = np.zeros(owner.max() + 1, np.uint16)
        for (key, frame), i in ids.items():
            if frame == t:
                table[key + 1] = i
        labels[t] = table[owner]
        rng = np.random.default_rng([sim.SEED, t])
        images[t, 0] = expose(density, NUCLEI_ELECTRONS, 4, 0.985**t, rng)
        images[t, 1] = expose(
            membrane(bodies, t, owner, sim.SEED + 2), MEMBRANE_ELECTRONS, 6, 0.992**t, rng
        )
        odds[t] = probability(distance, labels[t] > 0, rng)
    return images, labels, odds, rows, stages
