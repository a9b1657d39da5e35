import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command, Contender, Place } from './contender.ts'

const root = new URL('../../../', import.meta.url)

/** Ours, as a user starts it, with everything switched on. */
export const evenkeel: Contender = {
  name: 'evenkeel',
  note: 'access log to a file, metrics, active checks, retries with a budget',
  version: () => {
    const file = readFileSync(new URL('package.json', root), 'utf8')
    return (JSON.parse(file) as { version: string }).version
  },
  command: (place) => startWith(place, ['--access-log', join(place.folder, 'access.log')]),
}

/** Ours in two threads, which share one balancer: by CPU a request against the one above, what sharing costs. */
export const evenkeelTwo: Contender = {
  ...evenkeel,
  name: 'evenkeel-2',
  note: 'the same in two threads (WORKERS=2)',
  command: (place) =>
    startWith(place, ['--workers', '2', '--access-log', join(place.folder, 'access.log')]),
}

/** Ours with what can be switched off switched off: what our own eyes cost. Only on demand. */
export const evenkeelQuiet: Contender = {
  ...evenkeel,
  name: 'evenkeel-quiet',
  note: 'no access log, no active checks',
  command: (place) => startWith(place, ['--access-log', 'off', '--no-health']),
}

/** Ours with time for bodies that take longer than a minute. */
export const evenkeelPatient: Contender = {
  ...evenkeel,
  name: 'evenkeel-patient',
  command: (place) => {
    const config = join(place.folder, 'lb.json')
    writeFileSync(config, JSON.stringify({ timeouts: { total: '600m' } }))
    return startWith(place, ['--config', config, '--access-log', join(place.folder, 'access.log')])
  },
}

/** Ours with these flags. */
export function startWith({ port, backends }: Place, flags: string[]): Command {
  const servers = backends.map((backend) => `http://127.0.0.1:${backend}`).join(',')
  return {
    file: process.execPath,
    args: [fileURLToPath(new URL('proxy/main.ts', root)), ...flags],
    env: {
      HOST: '127.0.0.1',
      ADMIN_PORT: 'off',
      PORT: String(port),
      ALGORITHM: 'round_robin',
      BACKEND_SERVERS: servers,
    },
  }
}
