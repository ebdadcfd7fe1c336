// A picture dropped over an image can be a mask of it, or the next image: asked, in a dialog.

export type Answer = 'over' | 'instead' | 'neither';

function text(tag: 'h2' | 'p', content: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = content;
  return made;
}

/** Resolves when it is answered; Escape is “neither”. */
export function askAboutPictures(names: readonly string[]): Promise<Answer> {
  const dialog = document.createElement('dialog');
  dialog.className = 'question';
  const what = names.length === 1 ? `“${names[0]}”` : `${names.length} pictures`;
  const title = text('h2', `How should ${what} be opened?`);
  title.id = 'question-title';
  dialog.setAttribute('aria-labelledby', title.id);
  const buttons = document.createElement('div');
  buttons.className = 'buttons';
  return new Promise((resolve) => {
    const button = (label: string, answer: Answer, className = ''): HTMLButtonElement => {
      const made = document.createElement('button');
      made.type = 'button';
      made.textContent = label;
      made.className = className;
      made.addEventListener('click', () => dialog.close(answer));
      return made;
    };
    const over = button('As a mask over this image', 'over', 'main-choice');
    over.autofocus = true;
    buttons.append(over, button('As the image itself', 'instead'), button('Cancel', 'neither'));
    dialog.append(title, text('p', 'A mask is drawn over the image that is open: a segmentation, or a probability map of the same size.'), buttons);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'over' || dialog.returnValue === 'instead' ? dialog.returnValue : 'neither');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
