// The part of <mifa-scope> that shows an image, fetched when an element first comes near the viewport:
// a page may have many elements that nobody scrolls to.

export { Look } from './look.ts';
export { sharedResources } from './shared_resources.ts';
export { captureSettings, SettingsRestorer } from './view_settings.ts';
export { Viewer } from './viewer.ts';
