import { parse } from 'yaml'
import { writePath } from '../../proxy/core/problems.ts'
import { Findings } from '../../simulator/check/findings.ts'
import { distribution } from '../../simulator/check/work.ts'
import type { DistributionSpec } from '../../simulator/distributions.ts'
import { WrongInput } from '../sim/wrong-input.ts'

/** `100ms`: always so long. `exponential{mean: 1s}`: a distribution as in scenarios. Throws a `WrongInput`. */
export function thinkOf(text: string): DistributionSpec {
  const [, type, options] = /^(\w*)\s*(\{.*\})$/s.exec(text.trim()) ?? []
  const findings = new Findings()
  const given: unknown =
    options === undefined
      ? { type: 'constant', value: /^0(\.0*)?$/.test(text) ? 0 : text }
      : { ...(type !== '' && { type }), ...(parse(options) as object) }
  const read = distribution.read(given, ['--think'], findings)
  if (findings.count === 0) return read as DistributionSpec
  throw new WrongInput(
    findings.problems.map(({ path, text: why }) => `${writePath(path)} ${why}`).join('\n'),
  )
}
