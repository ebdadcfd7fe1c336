// What is fetched when an image file is met that is no OME-Zarr.

export { RasterStore, type RasterStoreOptions } from './raster_file_store.ts';
export { numberedFiles, openImages, RasterStackStore, type StackOptions } from './raster_stack.ts';
