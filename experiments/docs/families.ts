import { loadSettings } from '../../proxy/config.ts'
import { Proxy } from '../../proxy/proxy.ts'
import type { FamilyLine } from './operators-page.ts'

const LINE = /^# (HELP|TYPE) (\w+) (.+)$/gm

/** The families that a proxy shows which has done nothing yet: it is started, asked once and ended. */
export async function families(): Promise<FamilyLine[]> {
  const env = { BACKEND_SERVERS: 'http://127.0.0.1:9', HOST: '127.0.0.1', PORT: '0' }
  const { settings } = loadSettings({ env })
  const proxy = new Proxy({ ...settings, health: false, accessLog: false })
  const [place] = await proxy.listen()
  try {
    const url = `http://127.0.0.1:${(place as { port: number }).port}/lb/metrics`
    const answer = await fetch(url, { headers: { connection: 'close' } })
    return familiesIn(await answer.text())
  } finally {
    proxy.kill()
  }
}

function familiesIn(exposition: string): FamilyLine[] {
  const told = new Map<string, { help: string; type: string }>()
  for (const [, what, name, text] of exposition.matchAll(LINE)) {
    const family = told.get(name) ?? { help: '', type: '' }
    told.set(name, what === 'HELP' ? { ...family, help: text } : { ...family, type: text })
  }
  return [...told].map(([name, family]) => ({ name, ...family }))
}
