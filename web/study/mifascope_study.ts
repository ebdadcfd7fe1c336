// <script type="module" src="…/mifascope_study.js"></script>: the elements <mifa-study> and <mifa-scope> for
// a page of one's own.

import '../element.ts';

void import('./study.ts');
