import { Agent, request as ask } from 'node:http'
import type { Faults } from '../../backends/faults.ts'
import type { Fake } from './fleet.ts'

/** What can be wrong with a fake. `gone`: it has no process just now. */
const FAULTS = ['well', 'fails', 'slow', 'outage', 'gone'] as const
export type Fault = (typeof FAULTS)[number]

/** How many times as long requests take at one that is slow. */
const SLOWER = 10
const PATIENCE = 2000

export interface FakeFault {
  readonly id: string
  readonly fault: Fault
}

export function isFault(word: unknown): word is Fault {
  return FAULTS.includes(word as Fault)
}

/** Breaks fakes on request, and mends them. What is wrong with one is asked of itself: one that was started again is as it was at first. */
export class Faulty {
  private readonly fakes: readonly Fake[]
  /** What each was like before anybody broke it. */
  private readonly sound = new Map<string, Faults>()
  private readonly agent = new Agent()

  constructor(fakes: readonly Fake[]) {
    this.fakes = fakes
  }

  /** Their names are plain: b1, b2, … */
  find(id: string | undefined): Fake | undefined {
    return this.fakes.find((fake) => fake.id === id)
  }

  all(): Promise<FakeFault[]> {
    return Promise.all(this.fakes.map((fake) => this.look(fake)))
  }

  async change(fake: Fake, fault: Fault): Promise<FakeFault> {
    if (fault === 'gone') {
      fake.kill()
      return { id: fake.id, fault }
    }
    const sound = await this.soundOf(fake)
    const { maxLatency, minLatency } = sound
    const broken: Faults = {
      ...sound,
      ...(fault === 'fails' && { failureRate: 1, minLatency: 0, maxLatency: 0 }),
      ...(fault === 'slow' && {
        minLatency: minLatency * SLOWER,
        maxLatency: maxLatency * SLOWER,
      }),
      outage: fault === 'outage',
    }
    await this.door(fake, broken)
    return { id: fake.id, fault }
  }

  private async look(fake: Fake): Promise<FakeFault> {
    const { id } = fake
    const sound = await this.soundOf(fake).catch(() => undefined)
    const now = await this.door(fake).catch(() => undefined)
    if (sound === undefined || now === undefined) return { id, fault: 'gone' }
    if (now.outage) return { id, fault: 'outage' }
    if (now.failureRate === 1 && now.maxLatency === 0) return { id, fault: 'fails' }
    return { id, fault: now.maxLatency > sound.maxLatency ? 'slow' : 'well' }
  }

  private async soundOf(fake: Fake): Promise<Faults> {
    const known = this.sound.get(fake.id)
    if (known !== undefined) return known
    const found = await this.door(fake)
    this.sound.set(fake.id, found)
    return found
  }

  /** Shows how it is, or makes it so. */
  private door(fake: Fake, change?: Faults): Promise<Faults> {
    const { promise, reject, resolve } = Promise.withResolvers<Faults>()
    const method = change === undefined ? 'GET' : 'PUT'
    const asked = ask(
      `${fake.url}/_fake`,
      { method, agent: this.agent, timeout: PATIENCE },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        answer.on('error', reject)
        answer.on('end', () => {
          try {
            const { failureRate, maxLatency, minLatency, outage } = JSON.parse(text) as Faults
            if (answer.statusCode === 200) resolve({ failureRate, maxLatency, minLatency, outage })
            else reject(new Error(`${fake.id} refused`))
          } catch (error) {
            reject(error)
          }
        })
      },
    )
    asked.on('timeout', () => asked.destroy(new Error(`${fake.id} does not answer`)))
    asked.on('error', reject)
    asked.end(change === undefined ? undefined : JSON.stringify(change))
    return promise
  }
}
