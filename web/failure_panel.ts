// Why an element shows no image, in the place of the image.

import type { ViewerError } from './state.ts';

export interface FailureActions {
  readonly again: () => void;
  /** Tests the server that the image is on; null where there is none. */
  readonly test: ((button: HTMLElement) => void) | null;
}

function textElement(name: string, text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function title(code: string): string {
  switch (code) {
    case 'missing':
      return 'There is no image here';
    case 'forbidden':
      return 'The server does not give this out';
    case 'retry':
      return 'The server cannot be reached';
    case 'unsupported':
      return 'This cannot be shown here';
    case 'limit':
      return 'This is larger than the viewer takes';
    default:
      return 'This dataset cannot be read';
  }
}

export function showFailure(part: HTMLElement, { code, message }: ViewerError, { again, test }: FailureActions): void {
  const box = document.createElement('div');
  box.append(textElement('h2', title(code)), textElement('p', message.replace(/^[a-z]+[ ,]/, (word) => word.charAt(0).toUpperCase() + word.slice(1))));
  const button = (text: string, press: (button: HTMLElement) => void): HTMLElement => {
    const made = textElement('button', text);
    made.addEventListener('click', () => press(made));
    return made;
  };
  box.append(button('Try again', again));
  if (test && /^(missing|forbidden|retry)$/.test(code)) box.append(' ', button('Test this server', test));
  part.replaceChildren(box);
  part.hidden = false;
}
