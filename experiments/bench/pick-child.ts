/**
 * One strategy among so many servers, in a process of its own: whoever shares one with others is slower for it, since the
 * compiler cannot tell any more whose `pick` is called. Run by pick.ts; prints what it finds as JSON.
 */
import { bytesEach, countable } from '../../test/laws/allocation.ts'
import { contender } from './pick-contender.ts'
import type { Speed, Standing } from './pick-messages.ts'
import { balance, moves } from './pick-quality.ts'
import { timing } from './pick-speed.ts'
import { BATCH, PickWorld, RequestWorld } from './pick-world.ts'

/** How long to wait, in milliseconds, for a busy machine to have compiled the code. */
const PATIENCE = 4000
/** Picks to count bytes over, unless they take longer than so many milliseconds. */
const MOST = 3_000_000
const ROUND = 1000

const [what, name, count, seconds] = process.argv.slice(2)
const factory = contender(name)
const found = what === 'speed' ? speed(Number(count), Number(seconds)) : standing(Number(count))
console.log(JSON.stringify(found))

function speed(count: number, seconds: number): Speed {
  const picks = new PickWorld(factory, count)
  const pick = timing(picks, seconds)
  picks.check()
  const requests = new RequestWorld(factory, count)
  const request = timing(requests, seconds)
  requests.check()
  return { pick, request }
}

function standing(count: number): Standing {
  const picks = new PickWorld(factory, count)
  const requests = new RequestWorld(factory, count)
  const bytes = ({ batch, step }: PickWorld | RequestWorld): number => {
    if (!countable) return NaN
    const count = Math.min(MOST, Math.round((ROUND / timeOf(batch)) * BATCH))
    return bytesEach(step, PATIENCE, { count, enough: 0 })
  }
  const pickBytes = bytes(picks)
  const requestBytes = bytes(requests)
  picks.check()
  requests.check()
  const moved = moves(factory, count)
  return {
    pickBytes,
    requestBytes,
    make: makeTime(count),
    update: updateTime(picks),
    balance: balance(factory, count),
    ...(moved && { moves: moved }),
  }
}

/** The first update of a new strategy, which makes its tables: the median of some. */
function makeTime(count: number): number {
  return medianOf(() => {
    const { servers, strategy } = new PickWorld(factory, count, 0, false)
    return timeOf(() => strategy.update(servers))
  })
}

/** As servers leave and come: the median of some. */
function updateTime({ servers, strategy }: PickWorld): number {
  let i = 0
  return medianOf(() => {
    const present = i % 2 === 0 ? servers.toSpliced(i % servers.length, 1) : servers
    i++
    return timeOf(() => strategy.update(present))
  })
}

/** At least twenty, and more if that is done within half a second. */
function medianOf(measure: () => number): number {
  const times: number[] = []
  const until = performance.now() + 500
  while (times.length < 20 || (performance.now() < until && times.length < 2000)) {
    times.push(measure())
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1]
}

function timeOf(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}
