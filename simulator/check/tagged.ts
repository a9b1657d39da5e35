import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { isMapping, show } from '../../proxy/core/problems.ts'
import { type Fields, type Kind, mapping, oneOf, required } from './kinds.ts'

/** A mapping whose `type` says which other keys it has. */
export interface Tagged extends Kind {
  readonly types: Readonly<Record<string, Fields>>
}

export function tagged(
  says: string,
  types: Readonly<Record<string, Fields>>,
  then: Parameters<typeof mapping>[2],
): Tagged {
  const known = Object.keys(types)
  const kinds = new Map(
    known.map((type) => {
      const fields = { type: required(oneOf(type), 'which it is'), ...types[type] }
      return [type, mapping(says, fields, then)]
    }),
  )
  return {
    says,
    types,
    read(value, path, findings) {
      if (!isMapping(value)) {
        findings.add(path, `must be a mapping with a type, got ${show(value)}`)
        return value
      }
      const type = Object.hasOwn(value, 'type') ? value['type'] : undefined
      const kind = kinds.get(type as string)
      if (kind !== undefined) return kind.read(value, path, findings)
      if (type === undefined) {
        findings.add([...path, 'type'], `is required: one of ${known.join(', ')}`)
        return value
      }
      const meant = typeof type === 'string' ? didYouMean(type, known) : undefined
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`
      findings.add(
        [...path, 'type'],
        `must be one of ${known.join(', ')}, got ${show(type)}${hint}`,
      )
      return value
    },
  }
}
