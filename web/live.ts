// The part of <mifa-scope> that shows an image, fetched when an element first comes near the viewport:
// a page may have many elements that nobody scrolls to.

export { sharedResources } from './shared_resources.ts';
export { Viewer } from './viewer.ts';
