// Mouse, wheel, fingers and keys on the viewer, as the browser sends them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { ViewerState } from '../../web/state.ts';
import { addElement, open, openEmbedPage, openViewerPage, serveViewer, settled, until, type PageGlobals } from './browser.ts';
import { writeImage, type Files } from './datasets.ts';
import { openBrowser } from './harness.ts';
import type { TestServer } from './server.mjs';

const { viewerPage } = globalThis as unknown as PageGlobals;

const files: Files = new Map();
let server: TestServer;
let browser: Browser;
let page: Page;
let touch: CDPSession;
let src: string;

before(async () => {
  writeImage(files, 'image', {
    axes: 'tczyx',
    levels: [{ zarr: 3, dataType: 'uint8', shape: [3, 2, 5, 300, 400], chunks: [1, 1, 1, 300, 400], value: ([t = 0, , z = 0, y = 0, x = 0]) => (x + 2 * y + 10 * z + 20 * t) % 200 }],
    channels: [{ color: 'FF0000', window: [0, 200], label: 'first' }, { color: '00FF00', window: [0, 200], label: 'second' }],
    labels: [{ name: 'cells', levels: [{ zarr: 3, dataType: 'uint8', shape: [3, 5, 300, 400], chunks: [1, 1, 300, 400], value: ([, , y = 0]) => (y < 100 ? 1 : 0) }] }],
  });
  server = await serveViewer([{ prefix: '/data/', files }]);
  src = `${server.url}/data/image`;
  browser = await openBrowser();
  ({ page } = await openEmbedPage(browser, server, { hasTouch: true }));
  touch = await page.context().newCDPSession(page);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

interface View {
  readonly center: readonly [number, number];
  readonly worldPerPixel: number;
}

async function start(): Promise<View> {
  const { view } = await open(page, src, 1);
  assert.ok(view);
  return view;
}

async function view(): Promise<View> {
  const state = await settled(page);
  assert.ok(state.view);
  return state.view;
}

/** The canvas' corner and size in CSS pixels. */
async function box(): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await page.locator('mifa-scope canvas').boundingBox();
  assert.ok(found);
  return found;
}

/** World units under a place of the canvas in CSS pixels, at one device pixel each. */
function worldAt(view: View, box: { width: number; height: number }, x: number, y: number): readonly [number, number] {
  return [view.center[0] + (x - box.width / 2) * view.worldPerPixel, view.center[1] + (y - box.height / 2) * view.worldPerPixel];
}

function close(received: readonly number[], expected: readonly number[], tolerance: number, what: string): void {
  received.forEach((value, i) => assert.ok(Math.abs(value - (expected[i] ?? NaN)) <= tolerance, `${what}: expected ${expected}, received ${received}`));
}

describe('mouse', () => {
  test('dragging moves the picture with the pointer', async () => {
    const before = await start();
    const { x, y } = await box();
    await page.mouse.move(x + 200, y + 150);
    await page.mouse.down();
    await page.mouse.move(x + 230, y + 140, { steps: 4 });
    await page.mouse.up();
    const now = await view();
    close(now.center, [before.center[0] - 30 * before.worldPerPixel, before.center[1] + 10 * before.worldPerPixel], 1e-6, 'centre');
    assert.equal(now.worldPerPixel, before.worldPerPixel);
    // Without a button it moves nothing.
    await page.mouse.move(x + 100, y + 100);
    close((await view()).center, now.center, 0, 'centre');
  });
  test('the wheel zooms in and out about the pointer', async () => {
    const before = await start();
    const canvas = await box();
    await page.mouse.move(canvas.x + 120, canvas.y + 200);
    const point = worldAt(before, canvas, 120, 200);
    for (const [delta, closer] of [[-300, true], [-300, true], [500, false]] as const) {
      const last = await view();
      await page.mouse.wheel(0, delta);
      const now = await until('the wheel has zoomed', async () => {
        const found = await view();
        return found.worldPerPixel !== last.worldPerPixel && found;
      });
      assert.equal(now.worldPerPixel < last.worldPerPixel, closer);
      close(worldAt(now, canvas, 120, 200), point, 1e-6, 'world point under the pointer');
    }
  });
  test('there is an end to zooming, both ways', async () => {
    await start();
    const canvas = await box();
    await page.mouse.move(canvas.x + 240, canvas.y + 180);
    for (const delta of [-20_000, 40_000]) {
      for (let i = 0; i < 3; ++i) await page.mouse.wheel(0, delta);
      const { worldPerPixel } = await view();
      assert.ok(worldPerPixel > 1 / 1000 && worldPerPixel < 20, `${worldPerPixel}`);
      const { colors } = await page.evaluate(() => viewerPage.fingerprint());
      assert.ok(colors > 1);
    }
  });
  test('the values under a pointer that does not move follow the picture', async () => {
    await start();
    const canvas = await box();
    await page.mouse.move(canvas.x + 240, canvas.y + 180);
    const pixel = (): Promise<string> => page.evaluate(() => viewerPage.viewer().state.readout?.pixel ?? '');
    const first = await until('there are values', pixel);
    await page.locator('mifa-scope canvas').focus();
    await page.keyboard.press('ArrowRight');
    await until('they are of another place', async () => (await pixel()) !== first);
  });
});

describe('fingers', () => {
  const finger = (id: number, x: number, y: number): object => ({ id, x, y });
  const send = async (type: string, ...points: object[]): Promise<void> => {
    await touch.send('Input.dispatchTouchEvent', { type, touchPoints: points } as never);
  };
  test('one finger drags', async () => {
    const before = await start();
    const { x, y } = await box();
    await send('touchStart', finger(1, x + 200, y + 200));
    for (const step of [10, 20, 30, 40]) await send('touchMove', finger(1, x + 200 + step, y + 200 - step));
    await send('touchEnd');
    const now = await view();
    close(now.center, [before.center[0] - 40 * before.worldPerPixel, before.center[1] + 40 * before.worldPerPixel], 1e-6, 'centre');
  });
  test('two fingers pinch: the picture stays under both', async () => {
    const before = await start();
    const canvas = await box();
    const { x, y } = canvas;
    const left = worldAt(before, canvas, 200, 180);
    const right = worldAt(before, canvas, 260, 180);
    await send('touchStart', finger(1, x + 200, y + 180));
    await send('touchStart', finger(1, x + 200, y + 180), finger(2, x + 260, y + 180));
    for (const step of [10, 20, 30, 40]) await send('touchMove', finger(1, x + 200 - step, y + 180), finger(2, x + 260 + step / 2, y + 180));
    await send('touchEnd');
    const now = await view();
    close([now.worldPerPixel], [(before.worldPerPixel * 60) / 120], 1e-6, 'world units a pixel');
    close(worldAt(now, canvas, 160, 180), left, 0.5 * now.worldPerPixel, 'world point under the first finger');
    close(worldAt(now, canvas, 280, 180), right, 0.5 * now.worldPerPixel, 'world point under the second finger');
  });
  test('a pinch that loses a finger goes on as a drag, without a jump', async () => {
    await start();
    const { x, y } = await box();
    await send('touchStart', finger(1, x + 200, y + 180), finger(2, x + 300, y + 180));
    await send('touchMove', finger(1, x + 190, y + 180), finger(2, x + 310, y + 180));
    await send('touchEnd', finger(2, x + 310, y + 180));
    const between = await view();
    await send('touchMove', finger(1, x + 200, y + 180));
    await send('touchEnd');
    const now = await view();
    assert.equal(now.worldPerPixel, between.worldPerPixel);
    close(now.center, [between.center[0] - 10 * now.worldPerPixel, between.center[1]], 1e-6, 'centre');
  });
});

describe('keys', () => {
  test('everything can be reached without a mouse', async () => {
    const before = await start();
    // By the Tab key, from the heading above.
    await page.locator('h1').click();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => viewerPage.scope().shadowRoot?.activeElement?.tagName), 'CANVAS');
    const shadow = await page.evaluate(() => getComputedStyle(viewerPage.canvas()).boxShadow);
    assert.match(shadow, /inset/, 'the focus is visible');

    const press = async (key: string): Promise<ViewerState> => {
      await page.keyboard.press(key);
      return settled(page);
    };
    const axis = (state: ViewerState, name: string): number => state.axes?.find((axis) => axis.name === name)?.position ?? -1;
    assert.ok(((await press('ArrowRight')).view?.center[0] ?? 0) > before.center[0]);
    assert.ok(((await press('ArrowLeft')).view?.center[0] ?? 0) - before.center[0] < 1e-6);
    assert.ok(((await press('ArrowDown')).view?.center[1] ?? 0) > before.center[1]);
    assert.ok(((await press('ArrowUp')).view?.center[1] ?? 0) - before.center[1] < 1e-6);
    assert.ok(((await press('+')).view?.worldPerPixel ?? 9) < before.worldPerPixel);
    assert.ok(((await press('-')).view?.worldPerPixel ?? 9) - before.worldPerPixel < 1e-6);
    const z = axis(await settled(page), 'z');
    assert.equal(axis(await press('PageUp'), 'z'), z + 1);
    assert.equal(axis(await press(','), 'z'), z);
    assert.equal(axis(await press(']'), 't'), 1);
    assert.equal(axis(await press('['), 't'), 0);
    assert.deepEqual((await press('2')).channels?.map(({ visible }) => visible), [true, false]);
    assert.deepEqual((await press('2')).channels?.map(({ visible }) => visible), [true, true]);
    assert.equal((await press('l')).labels?.[0]?.visible, false);
    assert.equal((await press('l')).labels?.[0]?.visible, true);
    assert.equal((await press('s')).smooth, true);
    assert.equal((await press('s')).smooth, false);
    await press('p');
    await press('p');
    // And on to the rest of the page.
    await page.keyboard.press('Tab');
    assert.notEqual(await page.evaluate(() => viewerPage.scope().shadowRoot?.activeElement?.tagName), 'CANVAS');
  });
  test('f fits what was moved and zoomed', async () => {
    const before = await start();
    await page.locator('mifa-scope canvas').focus();
    for (const key of ['+', '+', 'ArrowDown', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    assert.notDeepEqual(await view(), before);
    await page.keyboard.press('f');
    const now = await view();
    close([...now.center, now.worldPerPixel], [...before.center, before.worldPerPixel], 1e-9, 'view');
  });
  test('what is shown is said to screen readers, and again when it changes', async () => {
    await start();
    const said = (): Promise<string> => page.evaluate(() => viewerPage.scope().shadowRoot?.querySelector('[aria-live]')?.textContent ?? '');
    await until('it is said', async () => /400 by 300 pixels, channels first, second, labels cells, t 1 of 3, z 3 of 5/.test(await said()));
    await page.locator('mifa-scope canvas').focus();
    await page.keyboard.press('.');
    await page.keyboard.press('1');
    await until('the change is said', async () => /channels second, labels cells, t 1 of 3, z 4 of 5/.test(await said()));
  });
  test('shortcuts of the browser and other keys are left alone', async () => {
    const before = await start();
    await page.locator('mifa-scope canvas').focus();
    const prevented = await page.evaluate(() =>
      [{ key: 'f', ctrlKey: true }, { key: 'F5' }, { key: 'Tab' }, { key: 'f' }].map((init) => {
        const event = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true });
        viewerPage.canvas().dispatchEvent(event);
        return event.defaultPrevented;
      }),
    );
    assert.deepEqual(prevented, [false, false, false, true]);
    close((await view()).center, before.center, 1e-9, 'centre');
  });
});

describe('in somebody\'s page', () => {
  test('wheel="page": wheel and finger scroll the page until the viewer is engaged', async () => {
    const { page: guest } = await openViewerPage(browser, `${server.url}/embed/`, { hasTouch: true, viewport: { width: 600, height: 400 } });
    await addElement(guest, {});
    await guest.evaluate(() => {
      viewerPage.scope().setAttribute('wheel', 'page');
      document.body.style.height = '3000px';
    });
    const { view: before } = await open(guest, src, 1);
    const scrolled = (): Promise<number> => guest.evaluate(() => scrollY);
    // Once the scrolling, which runs on by itself, has ended.
    const back = (): Promise<unknown> =>
      guest.evaluate(() => {
        let last = -1;
        let still = 0;
        const step = (): Promise<void> => {
          still = scrollY === last ? still + 1 : 0;
          last = scrollY;
          return still < 20 ? viewerPage.frames(1).then(step) : Promise.resolve();
        };
        return step().then(() => scrollTo(0, 0));
      });
    const zoom = async (): Promise<number> => (await settled(guest)).view?.worldPerPixel ?? 0;
    await guest.mouse.move(200, 200);
    await guest.mouse.wheel(0, 100);
    await until('the page has scrolled', async () => (await scrolled()) > 0);
    assert.equal(await zoom(), before?.worldPerPixel);

    await back();
    const fingers = await guest.context().newCDPSession(guest);
    const swipe = async (type: 'touchStart' | 'touchMove', y: number): Promise<void> => {
      await fingers.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x: 200, y, id: 1 }] });
    };
    await swipe('touchStart', 300);
    for (let y = 290; y >= 150; y -= 10) await swipe('touchMove', y);
    await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await until('the page has scrolled under the finger', async () => (await scrolled()) > 50);

    await back();
    await guest.mouse.click(200, 200);
    await guest.mouse.wheel(0, -200);
    await until('the viewer has zoomed', async () => (await zoom()) < (before?.worldPerPixel ?? 0));
    assert.equal(await scrolled(), 0);
    await guest.context().close();
  });
  test('two device pixels a CSS pixel: the pointer is where it looks to be', async () => {
    const { page: fine } = await openEmbedPage(browser, server, { deviceScaleFactor: 2 });
    const { view: fitted } = await open(fine, src, 1);
    assert.ok(fitted);
    assert.deepEqual(await fine.evaluate(() => [viewerPage.canvas().width, viewerPage.canvas().height]), [960, 720]);
    const canvas = await fine.locator('mifa-scope canvas').boundingBox();
    assert.ok(canvas);
    await fine.mouse.move(canvas.x + 300, canvas.y + 200);
    const u = fitted.center[0] + (300 - 240) * 2 * fitted.worldPerPixel;
    const v = fitted.center[1] + (200 - 180) * 2 * fitted.worldPerPixel;
    await until('the values are of that place', async () =>
      (await fine.evaluate(() => viewerPage.viewer().state.readout?.pixel)) === `x ${Math.round(u)}   y ${Math.round(v)}`,
    );
    await fine.context().close();
  });
});
