import { isIPv6 } from 'node:net'
import { CONFIGURATION } from '../config-schema.ts'
import type { NameView } from '../health/names.ts'
import type { Reload, Reloadable } from '../reload.ts'
import type { AdminSettings } from '../settings.ts'
import { ControlError } from './control-error.ts'
import { Control } from './control.ts'
import { openApi } from './openapi.ts'
import { requestRoutes } from './request-routes.ts'
import { serverRoutes } from './server-routes.ts'
import type { Steered } from './steered.ts'
import { configRoutes } from './config-routes.ts'
import { strategyRoutes } from './strategy-routes.ts'

/**
 * Lets a proxy be steered. Rejects with a `ControlError` where that cannot be; but if the port of the default is taken, most likely by
 * another proxy of the same user, that is said, and the address is undefined: who has not asked for it should not need it to start.
 */
export async function openControl(
  settings: AdminSettings,
  steered: Steered & Reloadable,
  reload: Reload,
  say: (message: string) => void,
  names?: { readonly views: readonly NameView[] },
): Promise<{ host: string; port: number } | undefined> {
  const { host, port } = settings
  try {
    const files = settings.token !== undefined
    const strategy = strategyRoutes(steered, reload, files)
    const routes = [...serverRoutes(steered, files), ...strategy, ...requestRoutes(steered)]
    routes.push(...configRoutes(steered, reload))
    routes.push({
      method: 'GET',
      path: '/names',
      summary: 'Names whose addresses are servers, and what is wrong with their latest answers.',
      answers: { 200: 'Names' },
      run: () => ({ status: 200, body: { names: names?.views ?? [] } }),
    })
    routes.push({
      method: 'GET',
      path: '/openapi.json',
      summary: 'This description.',
      answers: { 200: 'Description' },
      run: () => ({ status: 200, body: openApi(routes) }),
    })
    return await new Control(settings, routes, say, steered.eyes).listen()
  } catch (error) {
    const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`
    const failure = new ControlError(error as NodeJS.ErrnoException, place)
    if (failure.code !== 'EADDRINUSE' || !isDefault(settings)) throw failure
    say(`warning: ${failure.message}`)
    return undefined
  }
}

function isDefault({ host, port, token }: AdminSettings): boolean {
  const usual = CONFIGURATION.shape.admin.parse(undefined)
  return usual !== false && host === usual.host && port === usual.port && token === undefined
}
