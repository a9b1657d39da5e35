import { changeScenario, setup } from '../lab.ts'
import type { Part } from '../sentence/part.ts'
import { sentencesOf } from '../sentence/sentence.ts'
import { NumberControl } from './number-control.tsx'

/** The scenario as sentences; every number in them, and every choice, is a control. */
export function SentenceView() {
  return (
    <div class="sentences">
      {sentencesOf(setup.value.scenario).map(({ parts, title }) => (
        <p key={title}>
          <span class="sentence-title">{title}</span>
          {parts.map((part, i) => (
            <PartView
              key={`${i} ${typeof part === 'string' ? '' : part.label}`}
              part={
                typeof part === 'string' && isChoice(parts[i - 1]) ? part.replace(SIGN, '') : part
              }
              after={isChoice(part) ? signOf(parts[i + 1]) : ''}
            />
          ))}
        </p>
      ))}
    </div>
  )
}

/** What ends a clause. After a choice the browser would begin a line with it, so both are kept together. */
const SIGN = /^[.,:;]/

function isChoice(part: Part | undefined): boolean {
  return typeof part === 'object' && part.kind !== 'number'
}

function signOf(part: Part | undefined): string {
  return typeof part === 'string' ? (SIGN.exec(part)?.[0] ?? '') : ''
}

function PartView({ after, part }: { readonly part: Part; readonly after: string }) {
  if (typeof part === 'string') return <>{part}</>
  if (part.kind === 'number') {
    const { kind: _, set, ...rest } = part
    return <NumberControl {...rest} onValue={(value) => changeScenario(set(value))} />
  }
  const { label, options, set, value } = part
  return (
    <span class="unbroken">
      <select
        class="inline"
        aria-label={label}
        value={value}
        onChange={({ currentTarget }) => changeScenario(set(currentTarget.value))}
      >
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
      {after}
    </span>
  )
}
