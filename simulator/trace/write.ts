import type { TraceEntry } from './trace.ts'

/** What a trace is written as: every entry with all that is known of it. */
export const WRITTEN_FORMATS = ['ndjson', 'csv'] as const
export type WrittenFormat = (typeof WRITTEN_FORMATS)[number]

const HEADER = 't,method,path,key,bytes,service_ms,status\n'

/** What comes first in a file. */
export function headOf(format: WrittenFormat): string {
  return format === 'csv' ? HEADER : ''
}

/** One line, of bytes as everything in a trace: write it as latin1. */
export function lineOf(entry: TraceEntry, format: WrittenFormat): string {
  return format === 'csv' ? csvLine(entry) : jsonLine(entry)
}

function jsonLine({ bytes, key, method, path, status, t, work }: TraceEntry): string {
  return (
    `{"t":${seconds(t)},"method":${quote(method)},"path":${quote(path)}` +
    (key === '' ? '' : `,"key":${quote(key)}`) +
    (bytes === undefined ? '' : `,"bytes":${bytes}`) +
    (work === undefined ? '' : `,"service_ms":${work}`) +
    (status === undefined ? '}\n' : `,"status":${status}}\n`)
  )
}

function csvLine({ bytes, key, method, path, status, t, work }: TraceEntry): string {
  return `${seconds(t)},${field(method)},${field(path)},${field(key)},${bytes ?? ''},${work ?? ''},${status ?? ''}\n`
}

/** To the microsecond. */
function seconds(t: number): number {
  return Math.round(t * 1e3) / 1e6
}

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** By RFC 4180; a line break, which no part of a request can have, would end the line. */
function field(text: string): string {
  if (!/[",\r\n]/.test(text)) return text
  return `"${text.replaceAll('"', '""').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}"`
}
