/** Cheap to import: `--help` needs them. */
export const FORMATS = ['human', 'json', 'csv', 'junit', 'markdown', 'hgrm', 'html'] as const
/** What a search for the ceiling can be told in: it has no distribution and no seconds. */
export const CEILING_FORMATS = ['human', 'json', 'csv', 'junit', 'markdown'] as const
export type Format = (typeof FORMATS)[number]
