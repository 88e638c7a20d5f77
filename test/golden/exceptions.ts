/** Cases in which we differ from real Go on purpose. Every entry says why; a case that agrees may not be here. */
export const exceptions: ReadonlyMap<string, string> = new Map([
  ['{{range .Hardware}}x{{end}}', 'Go prints addresses in memory, which are different in every run'],
]);
