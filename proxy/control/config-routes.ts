import type { Reload, Reloadable } from '../reload.ts'
import type { Route } from './route.ts'
import { tagged } from './server-view.ts'

const SECRET = /token|secret|password/i
const HIDDEN = '(not shown)'

/** What holds now, with what operators have changed since it was read. */
export function configRoutes(proxy: Reloadable, reload: Reload): Route[] {
  return [
    {
      method: 'GET',
      path: '/config',
      summary:
        'The configuration that holds, with what was changed since it was read; times are milliseconds, shares 0 to 1. Secrets are not shown.',
      answers: { 200: 'Configuration' },
      run: () => {
        const body = withoutSecrets(reload.inForce(proxy))
        return { status: 200, body, fields: { ETag: tagged(body) } }
      },
    },
  ]
}

/** Whatever is called a secret is hidden, and so is all below it. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      SECRET.test(key) && each !== undefined ? HIDDEN : withoutSecrets(each),
    ]),
  )
}
