/** Cheap to import: `--help` needs them. */
export const FORMATS = ['human', 'json', 'csv', 'markdown'] as const
export type Format = (typeof FORMATS)[number]
