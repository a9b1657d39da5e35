import { statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Paint } from '../live/paint.ts'
import { plain } from '../live/paint.ts'
import { makeFolder } from '../sim/folder.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import type { LoadAccount } from './account.ts'
import { type Format, FORMATS } from './formats.ts'
import { csvReport } from './report-csv.ts'
import { hgrmReport } from './report-hgrm.ts'
import { htmlReport } from './report-html.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from './report-json.ts'
import { junitReport } from './report-junit.ts'
import { markdownReport } from './report-markdown.ts'
import type { LoadReport } from './report.ts'

/** What a file is, by how its name ends. */
const BY_NAME: Readonly<Record<string, Format>> = {
  '.json': 'json',
  '.csv': 'csv',
  '.xml': 'junit',
  '.md': 'markdown',
  '.hgrm': 'hgrm',
  '.html': 'html',
  '.txt': 'human',
}

/** What a folder gets. */
const FILES: Readonly<Record<string, Format>> = {
  'result.json': 'json',
  'seconds.csv': 'csv',
  'junit.xml': 'junit',
  'report.md': 'markdown',
  'response.hgrm': 'hgrm',
  'report.html': 'html',
}

const WIDTH = 100

const TELLERS: Readonly<
  Record<Format, (report: LoadReport, account: LoadAccount, width: number, paint: Paint) => string>
> = {
  human: (report, _account, width, paint) => humanReport(report, width, paint),
  json: jsonReport,
  csv: csvReport,
  junit: junitReport,
  markdown: markdownReport,
  hgrm: (_report, { response }) => hgrmReport(response),
  html: (report, { response }) => htmlReport(report, response),
}

export function told(
  report: LoadReport,
  account: LoadAccount,
  format: Format,
  width = WIDTH,
  paint: Paint = plain,
): string {
  return TELLERS[format](report, account, width, paint)
}

/** Writes what `tell` says in a format into its file. */
export type Writer = (tell: (format: Format) => string) => void

/**
 * Looks whether it can be written before anything is sent, and gives the way to do so; `formats` are those that there are. Throws a
 * `WrongInput`.
 */
export function writer(out: string, formats: readonly Format[] = FORMATS): Writer {
  const format = BY_NAME[extname(out).toLowerCase()]
  const write = (file: string, text: string): void => {
    try {
      writeFileSync(file, text)
    } catch (error) {
      throw new Error(`--out ${file} cannot be written: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
  if (format !== undefined && !isFolder(out)) {
    if (!formats.includes(format))
      throw new WrongInput(
        `--out ${out}: there is no ${format} of that, only ${formats.join(', ')}`,
      )
    try {
      writeFileSync(out, '')
    } catch (error) {
      throw new WrongInput(`--out ${out} cannot be written: ${(error as Error).message}`)
    }
    return (tell) => write(out, tell(format))
  }
  makeFolder(out)
  return (tell) => {
    for (const [name, each] of Object.entries(FILES))
      if (formats.includes(each)) write(join(out, name), tell(each))
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
