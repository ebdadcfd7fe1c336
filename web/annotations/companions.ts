// Small files beside an annotation that its format needs: YOLO's labels are numbers, the classes' names lie
// in a file beside them or a folder above.

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** By folder, the nearest first: "labels/train/0001.txt" may have its "data.yaml" two folders up. */
const kPlaces: readonly (readonly string[])[] = [
  ['classes.txt', 'data.yaml', 'obj.names'],
  ['../classes.txt', '../data.yaml', '../obj.names'],
  ['../../classes.txt', '../../data.yaml'],
];
/** Files of names are small; what is larger is something else. */
const kMostBytes = 1 << 20;

/** Whether a file of this name may need others beside it. */
export function needsCompanions(name: string): boolean {
  return /\.txt(\.gz)?$/i.test(name) && !/^(classes|labels|obj|(man|res)_track)\.txt/i.test(name);
}

/** Their texts by name. What is not there, or cannot be read, is left out. */
export async function companionsOf(source: URL, fetcher: Fetch, signal?: AbortSignal): Promise<Record<string, string>> {
  const read = async (place: string): Promise<readonly (readonly [string, string])[]> => {
    const url = new URL(place, source);
    url.search = source.search;
    try {
      const response = await fetcher(url.href, signal ? { signal } : {});
      const length = Number(response.headers.get('Content-Length') ?? 0);
      if (!response.ok || length > kMostBytes) return [];
      const text = await response.text();
      // Some servers give their start page for what is not there.
      if (text.length > kMostBytes || /^\s*</.test(text)) return [];
      return [[place.slice(place.lastIndexOf('/') + 1), text]];
    } catch {
      return [];
    }
  };
  for (const places of kPlaces) {
    const found = (await Promise.all(places.map(read))).flat();
    if (found.length > 0 || signal?.aborted) return Object.fromEntries(found);
  }
  return {};
}
