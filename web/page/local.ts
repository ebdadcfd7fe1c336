// Images on this computer: dropped on the page, or chosen in a dialog. They are read where they are.

import type { Dropped } from '../stores/dropped.ts';
import type { Store } from '../stores/store.ts';

/** Shows what is opened: `name` until the store knows better. `whole`: all that was given, to be checked. */
export type ShowLocal = (name: string, opening: Promise<Store>, whole: () => Promise<Store>) => void;

type PickerWindow = Window & { showDirectoryPicker?: (options: { mode: 'read' }) => Promise<FileSystemDirectoryHandle> };

const stores = (): Promise<typeof import('../stores/dropped.ts')> => import('../stores/dropped.ts');

function button(label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', press);
  return made;
}

function fileInput(label: string, chosen: (files: File[]) => void): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'file';
  input.hidden = true;
  input.setAttribute('aria-label', label);
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) chosen(files);
  });
  return input;
}

/** “Open a folder” and “Open a file”, with the dialogs behind them. */
export function localButtons(show: ShowLocal): HTMLElement[] {
  const folderInput = fileInput('A folder with an OME-Zarr image', (files) => {
    const name = files[0]?.webkitRelativePath.split('/')[0] ?? '';
    show(name, stores().then(({ openFileList }) => openFileList(files)), () => stores().then(({ openFileListWhole }) => openFileListWhole(files)));
  });
  folderInput.webkitdirectory = true;
  const zipInput = fileInput('An image file or a zipped OME-Zarr', ([file]) => {
    if (file) show(file.name, stores().then(({ openFile }) => openFile(file)), () => stores().then(({ openFileWhole }) => openFileWhole(file)));
  });
  zipInput.accept = '.zip,.ozx,.tif,.tiff,.btf,.png,.jpg,.jpeg,application/zip,image/tiff,image/png,image/jpeg';

  const pickFolder = async (): Promise<void> => {
    const { showDirectoryPicker } = window as PickerWindow;
    // Looked into as needed; the other dialog lists every file of the folder first.
    if (!showDirectoryPicker) return folderInput.click();
    try {
      const handle = await showDirectoryPicker.call(window, { mode: 'read' });
      show(handle.name, stores().then(({ openHandle }) => openHandle(handle)), () => stores().then(({ openHandleWhole }) => openHandleWhole(handle)));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) folderInput.click();
    }
  };
  return [button('Open a folder', () => void pickFolder()), button('Open a file', () => zipInput.click()), folderInput, zipInput];
}

/** What was dropped, as the next image. */
export function showDropped(show: ShowLocal, dropped: Dropped): void {
  const names = [...dropped.folders, ...dropped.files].map(({ name }) => name);
  show(names.length === 1 ? (names[0] ?? '') : `${names.length} files`, stores().then(({ openDropped }) => openDropped(dropped)), () => wholeDrop(dropped));
}

/** All that was dropped, to be checked. */
export function wholeDrop(dropped: Dropped): Promise<Store> {
  return stores().then(({ openDroppedWhole }) => openDroppedWhole(dropped));
}

/** Has to be called while the drop event lasts. */
export function takeDropped(data: DataTransfer): Dropped {
  const folders: FileSystemDirectoryEntry[] = [];
  const files: (FileSystemFileEntry | File)[] = [];
  for (const item of data.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory) folders.push(entry as FileSystemDirectoryEntry);
    else if (entry) files.push(entry as FileSystemFileEntry);
    else files.push(...[item.getAsFile()].filter((file) => file !== null));
  }
  const address = data.getData('text/uri-list').split('\n').find((line) => /^\w/.test(line)) ?? '';
  return { folders, files, address: address.trim() };
}

/** Takes drops anywhere on the page: folders and files, and addresses dragged from another window. */
export function listenForDrops(receive: (dropped: Dropped) => void, openAddress: (address: string) => void): void {
  const veil = document.createElement('div');
  veil.id = 'veil';
  veil.hidden = true;
  veil.setAttribute('aria-hidden', 'true');  // Who drags sees it; the buttons are for everybody.
  veil.append(Object.assign(document.createElement('p'), { textContent: 'Drop an image to look at it, or annotations to lay over the one that is open' }));
  document.body.append(veil);

  const concerns = ({ dataTransfer, target }: DragEvent): boolean =>
    dataTransfer !== null &&
    (dataTransfer.types.includes('Files') || (dataTransfer.types.includes('text/uri-list') && !(target instanceof HTMLInputElement)));
  addEventListener('dragover', (event) => {
    if (!concerns(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    veil.hidden = false;
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) veil.hidden = true;
  });
  addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!concerns(event) || !event.dataTransfer) return;
    event.preventDefault();
    const dropped = takeDropped(event.dataTransfer);
    if (dropped.folders.length + dropped.files.length === 0 && dropped.address !== '') return openAddress(dropped.address);
    receive(dropped);
  });
}
