import { Program } from '../support/program.ts'

/** How many requests a second the pages have to draw. */
const RATE = 60

/** A real proxy before real fakes, each a process, with traffic. */
export interface Lab {
  /** The proxy's, without a slash at its end. */
  readonly url: string
  /** Of its admin port, likewise. */
  readonly admin: string
  /** Kills a fake, as by `kill -9`; it does not come back. */
  kill(id: string): void
  /** Ends the proxy, waits for `meanwhile`, and starts it again at the same place. */
  restartProxy(meanwhile: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export async function startLab(env: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const fakes = new Map<string, Program>()
  for (const id of ['b1', 'b2', 'b3']) {
    const options = {
      SERVER_ID: id,
      PORT: '0',
      HOST: '127.0.0.1',
      MIN_LATENCY: '2',
      MAX_LATENCY: '20',
    }
    fakes.set(id, new Program('backends/main.ts', [], options))
  }
  const urls = await Promise.all([...fakes.values()].map((fake) => fake.listening()))
  const start = (port: string): Program =>
    new Program('proxy/main.ts', ['--access-log', 'off'], {
      BACKEND_SERVERS: urls.join(','),
      HOST: '127.0.0.1',
      PORT: port,
      HEALTH_INTERVAL: '200ms',
      ADMIN_PORT: '0',
      ...env,
    })
  let proxy = start('0')
  const url = await proxy.listening()
  const { admin } = proxy.messages[0] as { admin: string }
  const traffic = setInterval(
    () => void fetch(`${url}/`).then((answer) => answer.text(), ignore),
    1000 / RATE,
  )
  return {
    url,
    admin,
    kill: (id) => fakes.get(id)?.child.kill('SIGKILL'),
    async restartProxy(meanwhile) {
      proxy.child.kill('SIGKILL')
      await proxy.exit()
      await meanwhile()
      proxy = start(new URL(url).port)
      await proxy.listening()
    },
    async stop() {
      clearInterval(traffic)
      const all = [proxy, ...fakes.values()]
      for (const { child } of all) child.kill('SIGKILL')
      await Promise.all(all.map((each) => each.exit()))
    },
  }
}

/** The proxy may be gone: that is what some tests are about. */
function ignore(): void {}
