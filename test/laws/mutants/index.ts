import { absolute } from './absolute.ts'
import { allocating } from './allocating.ts'
import { alone } from './alone.ts'
import { biasedChoices } from './biased-choices.ts'
import { busier } from './busier.ts'
import { byName } from './by-name.ts'
import { capOffByOne } from './cap-off-by-one.ts'
import { catchingUp } from './catching-up.ts'
import { coarseHash } from './coarse-hash.ts'
import { droppingRing } from './dropping-ring.ts'
import { firstOfTied } from './first-of-tied.ts'
import { firstTwo } from './first-two.ts'
import { equalKeys } from './equal-keys.ts'
import { fixedRing } from './fixed-ring.ts'
import { forgetfulDeadlines } from './forgetful-deadlines.ts'
import { grudge } from './grudge.ts'
import { hashTimesWeight } from './hash-times-weight.ts'
import { inflightIsWork } from './inflight-is-work.ts'
import { homeless } from './homeless.ts'
import { keepsWeights } from './keeps-weights.ts'
import { keepsWeightsChoices } from './keeps-weights-choices.ts'
import { lastFirst } from './last-first.ts'
import { lastOfTied } from './last-of-tied.ts'
import { lastSamples } from './last-samples.ts'
import { lateDeadlines } from './late-deadlines.ts'
import { leakedCount } from './leaked-count.ts'
import { looksAtAll } from './looks-at-all.ts'
import { lostRelease } from './lost-release.ts'
import { meddling } from './meddling.ts'
import { modulo } from './modulo.ts'
import { oldCredit } from './old-credit.ts'
import { oldDebts } from './old-debts.ts'
import { remembering } from './remembering.ts'
import { restarting } from './restarting.ts'
import { sequential } from './sequential.ts'
import { shuffledTurns } from './shuffled-turns.ts'
import { shy } from './shy.ts'
import { signedKey } from './signed-key.ts'
import { skipNext } from './skip-next.ts'
import { staleCount } from './stale-count.ts'
import { staleIdle } from './stale-idle.ts'
import { strideOffByOne } from './stride-off-by-one.ts'
import { movedByTelling } from './moved-by-telling.ts'
import { tellsAStory } from './tells-a-story.ts'
import { stuckAverage } from './stuck-average.ts'
import { threeChoices } from './three-choices.ts'
import { weightless } from './weightless.ts'
import { weightlessWork } from './weightless-work.ts'
import { whimsical } from './whimsical.ts'
import { wholeServers } from './whole-servers.ts'
import { wrongWrap } from './wrong-wrap.ts'
import type { Mutant } from './mutant.ts'

export const MUTANTS: readonly Mutant[] = [
  absolute,
  allocating,
  alone,
  biasedChoices,
  busier,
  byName,
  capOffByOne,
  catchingUp,
  coarseHash,
  droppingRing,
  firstOfTied,
  firstTwo,
  equalKeys,
  fixedRing,
  forgetfulDeadlines,
  grudge,
  hashTimesWeight,
  homeless,
  inflightIsWork,
  keepsWeights,
  keepsWeightsChoices,
  lastFirst,
  lastOfTied,
  lastSamples,
  lateDeadlines,
  leakedCount,
  looksAtAll,
  lostRelease,
  meddling,
  modulo,
  movedByTelling,
  oldCredit,
  oldDebts,
  remembering,
  restarting,
  sequential,
  shuffledTurns,
  shy,
  signedKey,
  skipNext,
  staleCount,
  staleIdle,
  strideOffByOne,
  stuckAverage,
  tellsAStory,
  threeChoices,
  weightless,
  weightlessWork,
  whimsical,
  wholeServers,
  wrongWrap,
]
