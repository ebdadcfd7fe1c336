// For bench/annotations.mjs: JSON.parse and our reader on the same bytes, in one worker.

import { AnnotationReader } from '../web/annotations/annotation_program.ts';

interface Wish {
  readonly program: string;
  readonly file: string;
  readonly repeat: number;
}

const kWindow = 1024 * 1024;

async function measure({ program, file, repeat }: Wish): Promise<object> {
  const module = await WebAssembly.compile(await (await fetch(program)).arrayBuffer());
  const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const ours: number[] = [];
  const theirs: number[] = [];
  let objects = 0;
  let features = 0;
  for (let i = 0; i < repeat; ++i) {
    const reader = await AnnotationReader.start(module);
    const begun = performance.now();
    const layer = reader.open(JSON.stringify({ file: 'polygons.geojson' }));
    for (let at = 0; at < bytes.length; at += kWindow) reader.feed(layer, bytes.subarray(at, at + kWindow));
    reader.endFile(layer);
    ours.push(performance.now() - begun);
    objects = reader.objects(layer);
    const from = performance.now();
    features = (JSON.parse(text) as { readonly features: readonly unknown[] }).features.length;
    theirs.push(performance.now() - from);
  }
  return { bytes: bytes.length, objects, features, ours, theirs };
}

onmessage = ({ data }: MessageEvent<Wish>) => {
  measure(data).then((result) => postMessage(result), (error) => postMessage({ error: String(error) }));
};
