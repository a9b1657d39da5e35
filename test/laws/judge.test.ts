import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { TRIAL } from '../support/trial.ts'
import { examine } from './examine.ts'
import { found } from './finding.ts'
import { judge, LAWS, unclaimed, verdictOf } from './judge.ts'
import { LawBroken, type Law, type Subject } from './law.ts'
import { firstOfTied } from './mutants/first-of-tied.ts'
import { leakedCount } from './mutants/leaked-count.ts'
import { Broken, mutant } from './mutants/mutant.ts'
import { oldCredit } from './mutants/old-credit.ts'
import { remembering } from './mutants/remembering.ts'
import { REGISTRY } from './subject.ts'

function lawOf(id: string): Law {
  return LAWS.find((law) => law.id === id)!
}

function broken(subject: Subject, id: string): LawBroken {
  const verdict = verdictOf(lawOf(id), subject, TRIAL)
  if (verdict.result !== 'broken') throw new Error(`${id} is not broken`)
  return verdict.error
}

describe('a verdict', () => {
  test('is given for every law that concerns the strategy, in the order of the laws', () => {
    const [roundRobin] = REGISTRY
    const verdicts = [...judge(roundRobin, { ...TRIAL, runs: 5 })]
    const concerned = LAWS.filter((law) => law.concerns(roundRobin))
    expect(verdicts.map(({ law }) => law.id)).toEqual(concerned.map((law) => law.id))
  })

  test('gives the reason of an excuse, and does not ask', () => {
    const law: Law = { ...lawOf('replay'), check: () => found('asked') }
    const subject = { ...REGISTRY[0], excuses: { replay: 'it is tired' } }
    expect([...judge(subject, TRIAL, [law])]).toEqual([
      { law, result: 'excused', reason: 'it is tired' },
    ])
  })

  test('excuses what a claim makes impossible: a turn goes on when all servers are new', () => {
    const subject = { ...REGISTRY[0], excuses: {} }
    const [verdict] = judge(subject, TRIAL, [lawOf('empty-slots')])
    expect(verdict.result).toBe('excused')
  })

  test('ends with the basic laws where one of them is broken', () => {
    const laws = [...judge(remembering, TRIAL)].map(({ law, result }) => [law.id, result])
    expect(laws).toEqual([
      ['totality', 'holds'],
      ['membership', 'broken'],
      ['hands-off', 'holds'],
    ])
  })

  test('on a pick that throws late is given by totality, whichever law finds it, and is the last', () => {
    class Late extends Broken {
      private next = 0
      pick(): Endpoint {
        if (this.next > 50) throw new Error('late')
        this.next++
        return this.servers[this.context.rng.int(this.servers.length)]
      }
    }
    const verdicts = [...judge(mutant({ name: 'late', caughtBy: '' }, Late), TRIAL)]
    const told = verdicts.flatMap((verdict) =>
      verdict.result === 'broken'
        ? [[verdict.law.id, verdict.by.id, verdict.error.finding]]
        : verdict.law.id === 'totality'
          ? [['totality', verdict.result]]
          : [],
    )
    expect(told).toEqual([
      ['totality', 'holds'],
      ['totality', 'recovery', 'pick threw Error: late'],
    ])
    expect(verdicts.at(-1)!.result).toBe('broken')
  })

  test('on a stranger is given by membership, also where only chances are looked at', () => {
    class Stranger extends Broken {
      pick(): Endpoint {
        return new Endpoint('x', { weight: 1 })
      }
    }
    const stranger = mutant({ name: 'stranger', caughtBy: '', claims: ['choices'] }, Stranger)
    const verdict = verdictOf(lawOf('choices'), stranger, TRIAL)
    expect([verdict.law.id, verdict.result]).toEqual(['membership', 'broken'])
  })

  test('is not given by laws that compare runs where no run can be repeated', () => {
    class Chancy extends Broken {
      pick(): Endpoint {
        return this.servers[Math.floor(Math.random() * this.servers.length)]
      }
    }
    const chancy = mutant({ name: 'chancy', caughtBy: '', claims: ['choices'] }, Chancy)
    const broken = [...judge(chancy, TRIAL)].flatMap((verdict) =>
      verdict.result === 'broken' ? [verdict] : [],
    )
    expect(broken.map(({ law }) => law.id)).toEqual(['replay'])
    expect(broken[0].error.finding).toContain('Take context.rng and context.clock')
  })

  test('on one that cannot even be made says so', () => {
    class Unmade extends Broken {
      private readonly missing = this.context.memory.ints(-1)
      pick(): Endpoint {
        return this.servers[this.missing[0]]
      }
    }
    const error = broken(mutant({ name: 'unmade', caughtBy: 'totality' }, Unmade), 'totality')
    expect(error.finding).toBe('being made threw RangeError: Invalid typed array length: -1')
  })

  test('is the same for the same trial', () => {
    const [one, other] = [broken(firstOfTied, 'starvation'), broken(firstOfTied, 'starvation')]
    expect([one.finding, one.path, one.story]).toEqual([other.finding, other.path, other.story])
  })
})

test('one that goes by key and claims nothing of it is told what it might claim', () => {
  const claims = (name: string) => unclaimed(REGISTRY.find((each) => each.name === name)!)
  expect([claims('rendezvous'), claims('maglev'), claims('random')]).toEqual([[], [], []])
  const subject = { ...REGISTRY.find(({ name }) => name === 'rendezvous')!, claims: [] }
  expect(unclaimed(subject)).toEqual(['monotone', 'nearly_monotone'])
})

describe('what is found', () => {
  test('is a story that a person can follow', () => {
    const { finding, story } = broken(leakedCount, 'recovery')
    expect(finding).toBe(
      'a is left by some clients, and is not picked once in 12000 requests after it',
    )
    expect(story[0]).toMatch(/^\d servers: a, b/)
    expect(story).toContain('200 ms pass')
    expect(story.at(-1)).toBe('ten minutes pass, with a request every 50 ms')
  })

  test('calls servers in the story and in the finding the same', () => {
    const { finding, story } = broken(oldCredit, 'empty-slots')
    const names = /^\d servers: (.*)/
      .exec(story[0])![1]
      .split(', ')
      .map((each) => each[0])
    const [, one, other] = /goes to (\w+), but to (\w+) in a new world/.exec(finding)!
    expect(names).toContain(one)
    expect(names).toContain(other)
  })

  test('is the shortest that there is', () => {
    const numbers = fc.array(fc.nat(100), { maxLength: 50, size: 'max' })
    const check = (path?: string): void =>
      examine({ ...TRIAL, ...(path !== undefined && { path }) }, numbers, (numbers, story) => {
        story.push(...numbers.map(String))
        if (numbers.some((number) => number > 41)) found('too much')
      })
    const error = caught(() => check())
    expect([error.finding, error.story]).toEqual(['too much', ['42']])
    // Straight to it: the path leads to the same example.
    expect(caught(() => check(error.path)).story).toEqual(['42'])
  })
})

function caught(work: () => void): LawBroken {
  try {
    work()
  } catch (error) {
    if (error instanceof LawBroken) return error
  }
  throw new Error('nothing was found')
}
