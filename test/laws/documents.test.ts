import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LAWS } from './judge.ts'
import { silence } from './silence.ts'

const page = readFileSync(new URL('algorithms.md', import.meta.url), 'utf8')

test('every law has a paragraph, and every paragraph a law', () => {
  const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, id]) => id)
  expect(headings.toSorted()).toEqual([...LAWS, silence].map((law) => law.id).toSorted())
})
