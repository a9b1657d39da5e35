import { Rng } from '../../proxy/core/rng.ts'
import { type DistributionSpec, sampler, type Sampler } from '../../simulator/distributions.ts'
import type { Behaviour, Step, ThinkTime, UserKind, Visitor } from './behaviour.ts'
import type { Users, UsersRequest } from './crowd.ts'
import { Reply } from './reply.ts'
import type { Answer, CheckTally } from './source.ts'
import { millisecondsOf } from '../../proxy/core/duration.ts'

export interface VisitOptions {
  readonly behaviour: Behaviour
  /** How many visitors. */
  readonly count: number
  readonly seed: number
  /** For kinds of users that do not say. Default: no time. */
  readonly think?: DistributionSpec | undefined
  /** Whether requests say who asks. Default true. */
  readonly named?: boolean | undefined
}

/** A visitor, and where he is. */
class Guest implements Visitor {
  readonly id: string
  readonly number: number
  readonly rng: Rng
  readonly memory: Record<string, unknown> = {}
  readonly kind: Kind
  step: Step
  private index = -1

  constructor(kind: Kind, number: number, seed: Rng) {
    this.kind = kind
    this.number = number
    this.id = `${kind.spec.name}-${number + 1}`
    this.rng = seed.fork(`visitor ${number}`)
    this.step = kind.spec.steps[0]
  }

  advance(): Step {
    const { spec, weights } = this.kind
    if (spec.order === 'listed') this.index = (this.index + 1) % spec.steps.length
    else this.index = drawn(weights, this.rng.float())
    return (this.step = spec.steps[this.index])
  }
}

/** A kind of users, made ready. */
interface Kind {
  readonly spec: UserKind
  /** Of its steps, added up. */
  readonly weights: Float64Array
  readonly think: Sampler
  /** Of its steps: undefined where the user's own holds. */
  readonly thinks: ReadonlyMap<Step, Sampler>
}

/**
 * The visitors of a behaviour, and what each asks for next. Each has dice of his own, so what one asks for depends on the seed, and not
 * on how quickly the others are answered. Kinds share the visitors out exactly by their weights, as near as whole numbers come.
 */
export class Visits implements Users {
  readonly count: number
  private readonly kinds: readonly Kind[]
  /** Which kind each of them is. */
  private readonly shares: Float64Array
  private readonly rng: Rng
  private readonly named: boolean
  private readonly guests: (Guest | undefined)[] = []

  constructor({ behaviour, count, named = true, seed, think }: VisitOptions) {
    this.count = count
    this.named = named
    this.rng = new Rng(seed)
    const thoughts = this.rng.fork('thoughts')
    this.kinds = behaviour.users.map((spec) => ({
      spec,
      weights: added(spec.steps),
      think: thinking(spec.think ?? think ?? 0, thoughts),
      thinks: new Map(
        spec.steps.flatMap((step) =>
          step.think === undefined ? [] : [[step, thinking(step.think, thoughts)] as const],
        ),
      ),
    }))
    this.shares = added(behaviour.users)
  }

  think(user: number): number {
    const { kind, step } = this.guest(user)
    return (kind.thinks.get(step) ?? kind.think)()
  }

  next(user: number): UsersRequest {
    const guest = this.guest(user)
    const step = guest.advance()
    const { body, checks, headers, method = 'GET', name, path, keep } = step
    const watched = checks !== undefined || keep !== undefined
    const given = typeof headers === 'function' ? headers(guest) : headers
    return {
      time: 0,
      user,
      method,
      path: typeof path === 'function' ? path(guest) : path,
      client: this.named ? guest.id : '',
      page: name,
      fields: given === undefined ? undefined : Object.entries(given).flat(),
      body: typeof body === 'function' ? body(guest) : body,
      onAnswer: watched ? (answer, tally) => judge(step, guest, answer, tally) : undefined,
    }
  }

  private guest(user: number): Guest {
    let guest = this.guests[user]
    if (guest === undefined) {
      // The first of three, one and two, say, is at 1/6 of all: of the first kind, and so on evenly.
      const kind = drawn(this.shares, spreadOut(user))
      guest = this.guests[user] = new Guest(this.kinds[kind], user, this.rng)
    }
    return guest
  }
}

/**
 * Numbers from 0 to 1, each far from those before, so that the first n are spread evenly whatever n is: multiples of the golden
 * ratio (Knuth, "The Art of Computer Programming", volume 3, 6.4, theorem S).
 */
function spreadOut(index: number): number {
  return ((index + 0.5) * 0.618_033_988_749_894_9) % 1
}

function judge(step: Step, visitor: Visitor, answer: Answer, tally: CheckTally): void {
  const reply = new Reply(answer)
  for (const [name, check] of Object.entries(step.checks ?? {}))
    tally.check(
      name,
      holds(() => check(reply, visitor)),
    )
  if (step.keep !== undefined && !holds(() => (step.keep!(reply, visitor), true)))
    tally.check(`${step.name}: keep`, false)
}

function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

function thinking(think: ThinkTime, rng: Rng): Sampler {
  const value = typeof think === 'string' ? millisecondsOf(think)! : think
  if (typeof value === 'number') return () => value
  return sampler(value, rng, 'think')
}

/** Weights as shares of 1, each with those before it. */
function added(things: readonly { readonly weight?: number }[]): Float64Array {
  const sums = new Float64Array(things.length)
  let sum = 0
  things.forEach(({ weight = 1 }, i) => (sums[i] = sum += weight))
  return sums.map((each) => each / sum)
}

function drawn(shares: Float64Array, value: number): number {
  let i = 0
  while (i < shares.length - 1 && value >= shares[i]) i++
  return i
}
