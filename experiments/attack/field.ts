import { type AddressInfo, createServer } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createCA, createCert } from 'mkcert'
import { Child } from '../bench/child.ts'
import type { Contender } from '../bench/contenders/contender.ts'
import { evenkeel, startWith } from '../bench/contenders/evenkeel.ts'
import { forgetPeak, residentNow } from '../bench/process-cost.ts'
import { Program } from '../bench/program.ts'
import { ATTACKS } from './attacks.ts'
import type { Got, Order } from './messages.ts'
import { type Seen, Witness } from './witness.ts'

/** What came of one attack. Bytes are resident ones of the proxy's process. */
export interface Finding extends Got {
  readonly name: string
  readonly connections: number
  readonly before: number
  readonly peak: number
  readonly after: number
  readonly witness: Seen
}

/** A proxy with default settings in a process of its own, what is behind it, and who attacks it. */
export class Field {
  readonly folder: string
  private readonly backend: Child
  private readonly pair: { cert: string; key: string }
  private port = 0

  private constructor(folder: string, pair: { cert: string; key: string }) {
    this.folder = folder
    this.pair = pair
    this.backend = new Child(new URL('backend.ts', import.meta.url))
  }

  static async with<Result>(play: (field: Field) => Promise<Result>): Promise<Result> {
    const subject = { organization: 'Evenkeel', countryCode: 'XX', state: '-', locality: '-' }
    const ca = await createCA({ ...subject, validity: 1 })
    const pair = await createCert({ ca, domains: ['a.test'], validity: 1 })
    const field = new Field(mkdtempSync(join(tmpdir(), 'evenkeel-attack-')), pair)
    try {
      field.port = (await field.backend.ask<{ port: number }>(undefined, 10)).port
      return await play(field)
    } finally {
      await field.backend.stop()
      rmSync(field.folder, { recursive: true, force: true })
    }
  }

  /** A new proxy for each attack: what the last one left behind is none of the next one's. */
  async suffer(place: number, seconds: number, share = 1, settle = SETTLE): Promise<Finding> {
    const { name, over } = ATTACKS[place]
    const connections = Math.ceil(ATTACKS[place].connections * share)
    const attacker = new Child(new URL('attacker.ts', import.meta.url))
    try {
      await attacker.ask(undefined, 10)
      return await this.watch(name, connections, settle, (plain, secure) => {
        const port = over === 'http' ? plain : secure
        const order: Order = { attack: place, port, seconds, share }
        return attacker.ask<Got>(order, seconds + 20)
      })
    } finally {
      await attacker.stop()
    }
  }

  /** How a new proxy fares while that runs. */
  async watch(
    name: string,
    connections: number,
    settle: number,
    run: (plain: number, secure: number) => Promise<Got>,
  ): Promise<Finding> {
    const secure = await freePort()
    const proxy = await Program.start(this.contender(secure), this.folder, [this.port])
    try {
      await warm(proxy.port)
      await delay(settle * 1000)
      const before = residentNow(proxy.pid).now
      forgetPeak(proxy.pid)
      const witness = new Witness(proxy.port)
      const got = await run(proxy.port, secure)
      const seen = await witness.end()
      const { peak } = residentNow(proxy.pid)
      await delay(settle * 1000)
      const after = residentNow(proxy.pid).now
      return { name, connections, ...got, before, peak, after, witness: seen }
    } finally {
      await proxy.stop()
    }
  }

  private contender(secure: number): Contender {
    const { pair } = this
    const host = '127.0.0.1'
    return {
      ...evenkeel,
      name: `evenkeel-${secure}`,
      command: (place) => {
        const config = join(place.folder, 'lb.json')
        writeFileSync(join(place.folder, 'cert.pem'), pair.cert)
        writeFileSync(join(place.folder, 'key.pem'), pair.key)
        const tls = { cert: 'cert.pem', key: 'key.pem' }
        const listen = [
          { host, port: place.port },
          { host, port: secure, tls },
        ]
        writeFileSync(config, JSON.stringify({ listen }))
        const log = join(place.folder, 'access.log')
        return startWith(place, ['--config', config, '--access-log', log])
      },
    }
  }
}

/** Seconds in which what was begun comes to an end. */
export const SETTLE = 3

/** Code that is compiled for the first requests is no attack's. */
async function warm(port: number): Promise<void> {
  const witness = new Witness(port)
  await delay(1000)
  await witness.end()
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
