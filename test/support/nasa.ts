import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BESIDE = fileURLToPath(new URL('../../../shared/traces', import.meta.url))

/**
 * The real trace of the NASA (Internet Traffic Archive), with its known answers in a README beside it. It is no part of the project: it is
 * looked for in the folder that the variable TRACES names, or beside the checkout, and tests that need it are skipped without it.
 */
export const NASA = join(process.env['TRACES'] ?? BESIDE, 'nasa_19950801.tsv')
export const hasNasa = existsSync(NASA)
