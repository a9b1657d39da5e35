import { Rng } from '../../../proxy/core/rng.ts'
import { Names } from '../../../proxy/health/names.ts'
import type { DnsSettings, NameSettings } from '../../../proxy/upstream-settings.ts'
import { NameServer } from '../../support/name-server.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { useScene } from '../../support/scene.ts'

type Scene = ReturnType<typeof useScene>

const TIMES = { timeout: 300, minTtl: 1000, maxTtl: 60_000, hold: 30_000 }

export interface Watched {
  dns: NameServer
  names: Names
  proxy: TestProxy
  said: string[]
  /** Lets time pass until the name was asked for again, and its answer was heard. */
  readonly again: () => Promise<void>
  readonly ids: () => string[]
}

/** A proxy with servers of a name, and who is asked for it. */
async function watchIn(
  scene: Scene,
  name: Partial<NameSettings>,
  prepare: (dns: NameServer) => void,
  settings: Partial<TestSettings>,
  given: Partial<DnsSettings>,
): Promise<Watched> {
  const dns = await NameServer.start()
  scene.atEnd(() => dns.stop())
  prepare(dns)
  const proxy = await scene.proxy({ servers: [], ...settings })
  const said: string[] = []
  const usual = { id: 'app', resolve: 'dns', name: 'app.test', scheme: 'http', port: 80 } as const
  const { clock, servers } = proxy.proxy
  const parts = {
    servers,
    rng: new Rng(1),
    touch: () => clock.now,
    say: (message: string) => void said.push(message),
  }
  const names = new Names(
    [{ ...usual, weight: 1, backup: false, ...name }],
    { servers: [dns.place], ...TIMES, ...given },
    parts,
  )
  scene.atEnd(() => names.stop())
  await names.begin()
  const ids = (): string[] => proxy.proxy.balancer.servers.map(({ id }) => id)
  const again = async (): Promise<void> => {
    const heard = names.heard
    while (names.heard === heard) {
      proxy.advance(100)
      names.tick(clock.now)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  return { dns, names, proxy, said, again, ids }
}

/** For the top of a test file. */
export function useNames() {
  const scene = useScene()
  const watch = (
    name: Partial<NameSettings>,
    prepare: (dns: NameServer) => void,
    settings: Partial<TestSettings> = {},
    given: Partial<DnsSettings> = {},
  ): Promise<Watched> => watchIn(scene, name, prepare, settings, given)
  return { scene, watch }
}
