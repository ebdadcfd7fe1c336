// mifascope/vite: serves and emits our files, so that `import 'mifascope'` works in a Vite project.

/** `folder`: where the files are put, below the base; default "mifascope". */
export default function mifascope(options?: { readonly folder?: string }): { readonly name: string };
