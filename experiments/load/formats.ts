/** Cheap to import: `--help` needs them. */
export const FORMATS = ['human', 'json', 'csv', 'junit', 'markdown', 'hgrm', 'html'] as const
export type Format = (typeof FORMATS)[number]
