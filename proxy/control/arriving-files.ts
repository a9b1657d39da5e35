import { isAbsolute } from 'node:path'
import { show } from '../core/problems.ts'
import { faultsOfFiles } from '../tls-files.ts'
import type { OwnTls } from '../upstream-settings.ts'
import { Refusal } from './refusal.ts'

const KEYS = ['ca', 'cert', 'key'] as const

/** Throws a `Refusal` unless the files that a new server names may be named, and can be used. */
export function admitFiles(tls: OwnTls | undefined, allowed: boolean): void {
  const named = KEYS.filter((key) => tls?.[key] !== undefined)
  if (tls === undefined || named.length === 0) return
  if (!allowed) {
    throw new Refusal(403, 'files_need_a_token', ['set ADMIN_TOKEN to name files of certificates'])
  }
  const relative = named.filter((key) => !isAbsolute(tls[key]!))
  const problems =
    relative.length > 0
      ? relative.map((key) => `tls.${key} must be an absolute path, got ${show(tls[key])}`)
      : faultsOfFiles(tls).map(({ key, text }) => `tls.${key} ${text}, got ${show(tls[key])}`)
  if (problems.length > 0) throw new Refusal(400, 'bad_request', problems)
}
