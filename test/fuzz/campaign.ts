import fc from 'fast-check'
import { scripts } from './answers.ts'
import { tryBackDoor } from './back-door.ts'
import { tryFrontDoor } from './front-door.ts'
import { Lane } from './lane.ts'
import { streams } from './streams.ts'

/** Which side is fuzzed: what clients send, or what backends answer. */
export type Side = 'requests' | 'answers'

export interface Campaign {
  readonly side: Side
  readonly runs: number
  /** Proxies that work at the same time, each with an origin of its own. */
  readonly lanes: number
  /** Of the first lane; the next has the next number. */
  readonly seed: number
  /** Repeats one counterexample, on one lane. */
  readonly path?: string
  /** So long it may take, in milliseconds. */
  readonly patience: number
  readonly onProgress?: (done: number) => void
}

/** How to repeat it, and what was wrong. */
interface Counterexample {
  readonly seed: number
  readonly path: string
  readonly input: unknown
  readonly wrong: string
}

interface CampaignResult {
  readonly done: number
  readonly counterexamples: readonly Counterexample[]
}

export async function campaign(options: Campaign): Promise<CampaignResult> {
  const { lanes, onProgress, path, patience, runs, seed, side } = options
  let done = 0
  const runLane = async (i: number): Promise<Counterexample | undefined> => {
    const lane = await Lane.open()
    const judge = async (wrong: Promise<string[]>): Promise<void> => {
      const list = await wrong
      done++
      onProgress?.(done)
      if (list.length > 0) throw new Error(list.join('\n'))
    }
    const parameters = {
      seed: seed + i,
      numRuns: Math.ceil(runs / lanes),
      interruptAfterTimeLimit: patience,
      ...(path !== undefined && { path }),
    }
    const result =
      side === 'requests'
        ? await fc.check(
            fc.asyncProperty(streams, (pieces) => judge(tryFrontDoor(lane, pieces))),
            parameters,
          )
        : await fc.check(
            fc.asyncProperty(scripts, (script) => judge(tryBackDoor(lane, script))),
            parameters,
          )
    lane.close()
    if (result.counterexample === null) return undefined
    const [input] = result.counterexample
    const wrong = (result.errorInstance as Error | null)?.message ?? ''
    return { seed: result.seed, path: result.counterexamplePath ?? '', input, wrong }
  }
  const found = await Promise.all(Array.from({ length: lanes }, (_, i) => runLane(i)))
  return { done, counterexamples: found.filter((each) => each !== undefined) }
}
