/** Cheap to import: `--help` needs them. */
export const FORMATS = ['human', 'json', 'markdown'] as const
export type Format = (typeof FORMATS)[number]
