import { readStrategy } from '../config-strategy.ts'
import { writePath } from '../core/problems.ts'
import type { Reload, Reloadable, Reloaded } from '../reload.ts'
import type { StrategySettings } from '../settings.ts'
import { matching } from './matching.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Ask, Route } from './route.ts'
import { tagged } from './server-view.ts'

/** How the strategy is changed, and the configuration read again. `trusted`: clients have shown a token. */
export function strategyRoutes(proxy: Reloadable, reload: Reload, trusted: boolean): Route[] {
  const show = (more: object = {}): Answer => {
    const { name: strategy, settings: spec } = reload.running(proxy)
    return { status: 200, body: { strategy, spec, ...more }, fields: { ETag: tagged(strategy) } }
  }
  const done = ({ ok, said }: Reloaded): Answer => {
    if (!ok) throw new Refusal(409, 'kept', said)
    return show({ said })
  }
  return [
    {
      method: 'GET',
      path: '/strategy',
      summary: 'What chooses the servers.',
      answers: { 200: 'Strategy' },
      run: () => show(),
    },
    {
      method: 'PUT',
      path: '/strategy',
      summary:
        'Chooses by another strategy from the next request on, until the configuration says another than now. A file is tried first, and needs a token.',
      body: 'StrategySpec',
      matches: true,
      answers: { 200: 'Strategy', 409: 'Error' },
      run: async ({ body, ifMatch }: Ask) => {
        const strategy = judged(body, trusted)
        matching(ifMatch, tagged(reload.running(proxy).name))
        return done(await reload.switchTo(proxy, strategy))
      },
    },
    {
      method: 'POST',
      path: '/reload',
      summary: 'Reads the configuration again, as SIGHUP does.',
      answers: { 200: 'Strategy', 409: 'Error' },
      run: async () => done(await reload.reload(proxy)),
    },
  ]
}

function judged(body: unknown, trusted: boolean): StrategySettings {
  const { problems, strategy } = readStrategy(body, '.')
  if (strategy === undefined) {
    const told = problems.map(({ path, text }) => `${writePath(path)} ${text}`)
    throw new Refusal(400, 'bad_request', told)
  }
  // It would run as whoever runs the proxy, and without a token anybody on this machine can ask.
  const isFile = typeof strategy !== 'string' && typeof strategy['file'] === 'string'
  if (isFile && !trusted) {
    throw new Refusal(403, 'files_need_a_token', ['set ADMIN_TOKEN to load strategies from files'])
  }
  return strategy
}
