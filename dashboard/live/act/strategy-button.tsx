import type { StrategySpec } from '../../../proxy/core/registry.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { ask, mayAct } from './desk.ts'
import { asking } from './dialog.tsx'
import { Gone } from './server-changes.tsx'

const PROMISES = { equal: 'equal shares', weight: 'shares by weight', adaptive: 'by load' } as const

/** How servers are chosen; where the page may act, the way to another strategy. */
export function StrategyButton({ latest }: { readonly latest: Snapshot }) {
  const text = (
    <>
      <span class="id">{latest.strategy}</span>
      <span class="unit">{PROMISES[latest.promise]}</span>
    </>
  )
  if (!mayAct.value) return <p class="strategy">{text}</p>
  return (
    <button class="strategy" aria-haspopup="dialog" onClick={() => void begin()}>
      {text} <span aria-hidden="true">▾</span>
      <span class="unseen">: switch the strategy</span>
    </button>
  )
}

/** All strategies come only when somebody wants to see them. */
async function begin(): Promise<void> {
  try {
    const [{ StrategyQuestion }, { body, tag }] = await Promise.all([
      import('./strategy-question.tsx'),
      ask<{ strategy: string; spec: StrategySpec }>('GET', '/strategy'),
    ])
    asking.value = () => <StrategyQuestion now={body} tag={tag} />
  } catch (error) {
    const { message } = error as Error
    asking.value = () => <Gone id="Strategy" why={message} />
  }
}
