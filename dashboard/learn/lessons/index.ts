import type { Lesson } from '../lesson.ts'
import { blackHole } from './black-hole.tsx'
import { coldNewcomer } from './cold-newcomer.tsx'
import { heavyTail } from './heavy-tail.tsx'
import { manyProxies } from './many-proxies.tsx'
import { powerOfTwo } from './power-of-two.tsx'
import { retryStorm } from './retry-storm.tsx'
import { staleHerd } from './stale-herd.tsx'
import { weights } from './weights.tsx'

/** In the order in which they build on each other. */
export const LESSONS: readonly Lesson[] = [
  powerOfTwo,
  blackHole,
  coldNewcomer,
  staleHerd,
  manyProxies,
  retryStorm,
  heavyTail,
  weights,
]
