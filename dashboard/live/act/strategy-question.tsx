import { useState } from 'preact/hooks'
import { resolveIn, type StrategyEntry, type StrategySpec } from '../../../proxy/core/registry.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { ask, NotDone } from './desk.ts'
import { Question } from './dialog.tsx'
import { offer } from './undo.tsx'

interface Running {
  readonly strategy: string
  readonly spec: StrategySpec
}

const PROMISES = {
  equal: 'equal shares, whatever the weights',
  weight: 'shares in proportion to weights',
  adaptive: 'no fixed shares: it follows the load',
} as const

const OFFERED = STRATEGIES.filter(({ simulatorOnly }) => simulatorOnly !== true)

interface Props {
  readonly now: Running
  readonly tag: string | undefined
}

/** All strategies with a line each, and what can be set about the one that is chosen. */
export function StrategyQuestion({ now, tag }: Props) {
  const current = typeof now.spec === 'string' ? now.spec : now.spec.name
  const [name, setName] = useState(OFFERED.some((each) => each.name === current) ? current : '')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() => given(now.spec))
  const entry = OFFERED.find((each) => each.name === name)
  const spec = entry && specOf(entry, typed)
  const resolved = spec === undefined ? undefined : resolveIn(OFFERED, spec)
  const problems = resolved !== undefined && 'problems' in resolved ? resolved.problems : []
  const factory = resolved !== undefined && 'factory' in resolved ? resolved.factory : undefined
  return (
    <Question
      title="Choose servers by another strategy"
      says={
        problems.length > 0
          ? problems.map(({ path, rule }) => `${path.join('.')} ${rule}`).join('; ')
          : factory === undefined
            ? 'Choose one.'
            : `From the next request on servers are chosen by ${name}: ${entry!.summary}. It promises ${PROMISES[factory.promise]}. Requests in flight stay where they are. It holds until the configuration says something else.`
      }
      verb="Switch"
      disabled={factory === undefined}
      act={async () => switchTo(spec!, now, tag)}
    >
      <fieldset class="strategies" tabIndex={-1}>
        <legend class="unseen">Strategy</legend>
        {OFFERED.map((each) => (
          <label key={each.name}>
            <input
              type="radio"
              name="strategy"
              value={each.name}
              checked={each.name === name}
              onChange={() => {
                setName(each.name)
                setTyped(each.name === current ? given(now.spec) : {})
              }}
            />
            <span>
              <span class="id">{each.name}</span>
              {each.name === current && <span class="unit">now</span>}
              <span class="muted small summary">{each.summary}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {entry !== undefined && (
        <div class="fields options">
          {Object.entries(entry.options).map(([key, option]) => (
            <label class="field" key={`${name} ${key}`}>
              {key}
              {option.duration === true && <span class="unit">ms</span>}
              <input
                value={typed[key] ?? ''}
                placeholder={shown(option.fallback)}
                title={`${option.help}: ${option.range}`}
                onInput={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
              />
              <span class="muted small">{option.help}</span>
            </label>
          ))}
        </div>
      )}
    </Question>
  )
}

async function switchTo(
  spec: StrategySpec,
  before: Running,
  tag: string | undefined,
): Promise<void> {
  const { body, tag: after } = await orWhy(() =>
    ask<Running>('PUT', '/strategy', { body: spec, tag }),
  )
  offer({
    text: `Servers are chosen by ${body.strategy}, and were by ${before.strategy}.`,
    undo: async () => {
      await orWhy(() => ask('PUT', '/strategy', { body: before.spec, tag: after }))
      return `Undone: servers are chosen by ${before.strategy} again.`
    },
  })
}

async function orWhy<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof NotDone) || !error.conflict) throw error
    const { body } = await ask<Running>('GET', '/strategy')
    throw new NotDone(
      412,
      `Somebody else (another page, a command, or a reload) has switched meanwhile: servers are chosen by ${body.strategy}. Nothing was changed by you.`,
    )
  }
}

function specOf(
  { name, options }: StrategyEntry,
  typed: Readonly<Record<string, string>>,
): StrategySpec {
  const values: Record<string, unknown> = {}
  for (const key of Object.keys(options)) {
    const text = typed[key]?.trim() ?? ''
    if (text !== '') values[key] = valueOf(text)
  }
  return Object.keys(values).length === 0 ? name : { name, ...values }
}

/** A number, a truth value, something in brackets, or a word. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function given(spec: StrategySpec): Record<string, string> {
  if (typeof spec === 'string') return {}
  const { name: _, ...options } = spec
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, shown(value)]))
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
